"""What reaches beyond a workbook is named, and nothing else is (X04)."""

from __future__ import annotations

from pathlib import Path

import pytest

from sync.workbook.package.container import Container
from sync.workbook.package.outside import outside

HERE = Path(__file__).parents[2] / "workbooks"
REACHING = {
    "external-links.xlsx": ("links to other workbooks",),
    "dde-link.xlsx": ("links to other programs (DDE or OLE)",),
    "macros.xlsm": ("macros",),
    "connections-and-strangers.xlsx": ("connections to data elsewhere",),
}


@pytest.mark.parametrize("path", sorted(HERE.glob("*.xls[xm]")), ids=lambda path: path.name)
def test_x04_what_reaches_beyond_a_workbook_is_named(path: Path) -> None:
    with Container.open(path) as container:
        assert outside(container) == REACHING.get(path.name, ())
