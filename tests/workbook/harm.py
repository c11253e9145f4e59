"""A sound workbook to be made harmful, and what it is to be refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sync.errors import NotAWorkbook, WorkbookError
from sync.workbook.package.archive import Limits
from sync.workbook.package.container import Container
from sync.workbook.package.patch import patch
from sync.workbook.read import read
from sync.workbook.save import save
from tests.workbooks.packing import Book, worksheet
from tests.workbooks.zipping import Member, zipped

if TYPE_CHECKING:
    from pathlib import Path

    from sync.workbook.package.edits import Edits

EDITS: Edits = {"Records": {(2, 3): "new"}}
SHEET = "xl/worksheets/sheet1.xml"


def book() -> dict[str, bytes]:
    """Make a workbook with a part of every kind that somebody reads."""
    made = Book()
    made.strings("<t>x</t>")
    part = made.sheet(worksheet(after='<tableParts count="1"><tablePart r:id="rId1"/></tableParts>'))
    made.add("xl/tables/table1.xml", '<table ref="A1:C5"/>', by=part, rel="table")
    made.add("xl/pivotTables/pivotTable1.xml", "<p><location ref='Y1:Z5'/></p>", by=part, rel="pivotTable")
    made.add("xl/drawings/vmlDrawing1.vml", "<xml/>", by=part, rel="vmlDrawing")
    made.add("docProps/core.xml", "<core/>")
    return made.everything()


def archive(path: Path, parts: dict[str, bytes] | None = None, *more: Member, **how: Any) -> Path:
    """Zip a workbook with further members."""
    plain = [Member(name, data) for name, data in (parts or book()).items()]
    path.write_bytes(zipped([*plain, *more], **how))
    return path


def refused(path: Path, limits: Limits | None = None) -> str:
    """See that a workbook is not opened, patched or read, nor anything left behind; give what was said."""
    with pytest.raises(NotAWorkbook) as caught:
        Container.open(path, limits or Limits()).close()
    if limits is None:
        refused_when_used(path)
    assert caught.value.hint
    return caught.value.message


def refused_when_used(path: Path) -> str:
    """See that a workbook is not patched or read, nor anything left behind; give what was said."""
    before = path.read_bytes()
    target = path.with_name("target.xlsx")
    with pytest.raises(NotAWorkbook) as caught:
        patch(path, target, EDITS)
    with pytest.raises(WorkbookError):
        read(path)
    with pytest.raises(NotAWorkbook):
        save(path, EDITS)
    assert not target.exists()
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]
    return caught.value.message
