"""What reaches beyond a workbook is named, and nothing else is (X04)."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

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


def test_x04_a_link_to_a_program_is_named_in_whatever_encoding_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "wide.xlsx"
    with ZipFile(HERE / "dde-link.xlsx") as old, ZipFile(path, "w") as new:
        for entry in old.infolist():
            data = old.read(entry)
            if b"ddeLink" in data and entry.filename.startswith("xl/externalLinks/external"):
                data = data.decode().replace("UTF-8", "UTF-16").encode("utf-16")
            new.writestr(entry, data)
    with Container.open(path) as container:
        assert outside(container) == REACHING["dde-link.xlsx"]
