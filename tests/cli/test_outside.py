"""Links, commands and macros in the workbook: said once, never followed, and as they were afterwards (X04)."""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.shop import Shop

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS, LINK = "xl/_rels/workbook.xml.rels", "xl/externalLinks/externalLink1.xml"


def linked(path: Path, inside: str) -> bytes:
    """Give the workbook one more external link; give the part's content."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    number = sum(name.startswith(LINK[:-5]) for name in parts) + 1
    name = LINK.replace("1", str(number))
    parts[name] = f'<externalLink xmlns="{MAIN}">{inside}</externalLink>'.encode()
    relation = f'<Relationship Id="rLink{number}" Type="{OFFICE}/externalLink" Target="/{name}"/></Relationships>'
    parts[RELATIONS] = parts[RELATIONS].replace(b"</Relationships>", relation.encode())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return parts[name]


def test_x04_links_are_told_once_and_stay(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1)
    link = linked(shop.file, "<externalBook/>")
    words = "shop.xlsx holds links to other workbooks. wtsync follows and runs none of that"
    assert words in shop.here("run", "shop.xlsx", "--yes").stderr
    with zipfile.ZipFile(shop.file) as archive:
        assert archive.read(LINK) == link
    assert "links to other" not in shop.here("run", "shop.xlsx", "--yes").stderr
    linked(shop.file, '<ddeLink ddeService="cmd" ddeTopic="/c calc"/>')
    said = shop.here("run", "shop.xlsx", "--yes").stderr
    assert "shop.xlsx holds links to other programs (DDE or OLE). wtsync" in said
    assert "other workbooks" not in said


def test_x04_a_program_that_listens_is_told_as_an_event(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1)
    linked(shop.file, "<externalBook/>")
    events = [json.loads(line) for line in shop.here("run", "shop.xlsx", "--yes", "--json").stdout.splitlines()]
    (told,) = [one for one in events if one.get("event") == "outside"]
    assert told["holds"] == ["links to other workbooks"]


def test_x04_doctor_names_them(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1)
    linked(shop.file, "<externalBook/>")
    said = shop.here("doctor", "shop.xlsx").stdout
    assert "it holds links to other workbooks" in said
    assert "never followed or run" in said
