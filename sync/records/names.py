"""Notes the rows that have no name where a text is to be made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.records.problems import Flaw
from sync.records.values import is_nothing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sync.records.columns import Columns
    from sync.records.problems import Findings
    from sync.records.rows import Rows
    from sync.tables import Tables


def check_names(rows: Rows, columns: Columns, tables: Tables, nameless: Sequence[int], findings: Findings) -> None:
    """Note missing names. A name that is there, but wrong, has been noted already.

    `nameless` are the positions of rows without a name that can be used, for which a text may be made.
    """
    column = columns.fields.get("name")
    flaw = Flaw("missing-name", "", "There is no name, and WriteText.ai needs it to write a text.",
                "Type what the product is called.")  # fmt: skip
    for at in nameless:
        if column is None:
            findings.stopped = True
            findings.in_sheet(tables.sheet, flaw._replace(
                what=f"{tables.sheet} has no column Name, and WriteText.ai needs it to write a text.",
                remedy="Give the column with the names of the products the heading Name."))  # fmt: skip
            return
        text = tables.columns[column][at]
        if not text.strip() or is_nothing(text):
            findings.in_records(rows.cell(at, column), flaw)
