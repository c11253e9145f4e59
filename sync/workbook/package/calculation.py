"""Formulas that read the cells we write: their values in the file are old until a program calculates them anew.

`fullCalcOnLoad` in the workbook part asks for that. The old values stay in the file, for programs that only read, and
so does the calculation chain: formula cells are never written. Where calculation is set to manual the request is made
as well: F9 calculates what has changed since the workbook was opened, and our cells changed before that, so without
the request even F9 would leave old values standing. The mode itself is left as it is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sync.workbook.package.registry import BEFORE_NAMES

if TYPE_CHECKING:
    from collections.abc import Container as Names
    from collections.abc import Iterable

    from sync.workbook.package.container import Container
    from sync.workbook.package.elements import Part

_ROOT = re.compile(rb"<([A-Za-z_][\w.-]*:)?[A-Za-z_]")
_BEFORE = (*BEFORE_NAMES, "definedNames")
"""What comes before `calcPr` in the workbook part."""


def is_asked_for(workbook: Part) -> bool:
    """Whether the workbook asks for a full calculation already."""
    known = workbook.child(workbook.root, "calcPr")
    return known is not None and known.attributes.get("fullCalcOnLoad") in {"1", "true"}


def ask_for(workbook: Part) -> None:
    """Ask for a full calculation when the workbook is next opened."""
    known = workbook.child(workbook.root, "calcPr")
    if known is not None:
        workbook.set(known, "fullCalcOnLoad", "1")
        return
    before = [one.end for name in _BEFORE if (one := workbook.child(workbook.root, name))]
    workbook.insert(max(before), workbook.spelled(workbook.root, "calcPr", {"fullCalcOnLoad": "1"}))


def has_formulas(container: Container, but: Names[str]) -> bool:
    """Whether any sheet has a formula; `but` are parts known to have none.

    A calculation chain is taken for proof. Otherwise the sheets are looked through up to the first formula.
    """
    if any(one.kind == "calcChain" for one in container.relations(container.workbook_part)):
        return True
    return any(
        _holds_one(block.raw for block in container.blocks(one.part)) for one in container.sheets if one.part not in but
    )


def _holds_one(blocks: Iterable[bytes]) -> bool:
    formula = None
    for block in blocks:  # each ends between tags
        if formula is None and (root := _ROOT.search(block)):
            formula = re.compile(b"<" + re.escape(root[1] or b"") + rb"f[\s>/]")
        if formula is not None and formula.search(block):
            return True
    return False
