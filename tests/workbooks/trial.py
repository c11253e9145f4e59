"""What every workbook is put through: a text into a cell that is there, into one that is not, and into a new row."""

from __future__ import annotations

import itertools
import zipfile
from typing import TYPE_CHECKING, NamedTuple

from sync.workbook.package.container import Container
from sync.workbook.package.extent import extent
from sync.workbook.package.obstacles import check
from sync.workbook.package.patch import patch
from sync.workbook.verify import compare
from tests.workbook.package.reading import differing, part
from tests.workbooks import readers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sync.workbook.package.archive import Entry
    from tests.workbooks.readers import Place

TEXT = '=1+1 is a text: <b>5 & 7</b>, "quoted", é 😀, ]]>'
"""It begins as a formula does, and is none."""
KINDS = ("an existing cell", "a new cell", "a new row")
_TRIED = 400
"""Cells that are asked about before a workbook is said to have none that may be written."""
DENSE = 3_000_000
"""Places that calamine is let allocate."""
LARGE = 16 << 20
"""Bytes from which a sheet is too large for a tree: targets are chosen near its top, and our own comparison does."""


class Targets(NamedTuple):
    """Where the text is to go in the first worksheet."""

    sheet: str
    part: str
    workbook: str
    """The part that lists the sheets."""
    places: dict[str, Place]
    """By kind; a kind is missing when every such cell is refused, or when there is none."""
    refused: dict[str, str]
    """Why, by kind."""
    every: list[Place]
    """All places that were found free, of every kind."""


def choose(path: Path) -> Targets:
    """Find a place of each kind, by the tree of the sheet rather than by the scanner that is on trial."""
    with Container.open(path) as container:
        sheet = container.sheets[0]
        entry = container.entry(sheet.part)
        large = entry.size > LARGE
        xml = next(container.chunks(sheet.part)) if large else container.read(sheet.part)
        below = extent(container, sheet.name).last_row if large else 0
        places: dict[str, Place] = {}
        refused: dict[str, str] = {}
        every: list[Place] = []
        for kind, candidates in _candidates(xml, below).items():
            tried = list(itertools.islice(candidates, _TRIED))
            obstacles = {(found.row, found.column): found.reason for found in check(container, sheet.name, tried)}
            free = [place for place in tried if place not in obstacles]
            every += free
            if free:
                places[kind] = free[0]
            else:
                refused[kind] = next(iter(obstacles.values()), "there is none")
        workbook = container.entry(container.workbook_part)
        return Targets(sheet.name, _packed(path, entry), _packed(path, workbook), places, refused, every)


def _packed(path: Path, entry: Entry) -> str:
    """Name an entry as `zipfile` does, which keeps backslashes on some systems."""
    with zipfile.ZipFile(path) as archive:
        return next(name for name in archive.namelist() if name.replace("\\", "/") == entry.name)


def _candidates(xml: bytes, below: int) -> dict[str, Iterator[Place]]:
    """List the places of each kind; `below` is the last row when the XML is only a beginning."""
    found = {
        number: {column: readers.local(cell[0]) if len(cell) else "" for column, cell in readers.cells(row)}
        for number, row in readers.rows(readers.start_of(xml) if below else readers.tree(xml))
    }
    last = below or max(found, default=0)
    free = itertools.chain(range(last + 1, last + 30), range(1, 1 if below else last + 1))
    return {
        "an existing cell": (
            (row, column) for row, columns in found.items() for column, kind in columns.items() if kind
        ),
        "a new cell": (
            (row, column)
            for row, columns in found.items()
            for column in range(1, max(columns, default=0) + 3)
            if column not in columns
        ),
        "a new row": ((row, 2) for row in free if row not in found and row <= 1_048_576),
    }


def write(source: Path, target: Path, targets: Targets, places: list[Place]) -> None:
    """Write the text; our own comparison must agree, and nothing but those cells may differ to anybody else."""
    patched(source, target, targets, places)
    changed = differing(source, target)
    assert targets.part in changed
    if changed != {targets.part}:
        assert changed == {targets.part, targets.workbook}
        before, after = (part(path, targets.workbook) for path in (source, target))
        assert readers.but_for_calculation(before) == readers.but_for_calculation(after)
    with zipfile.ZipFile(source) as archive:
        if archive.getinfo(targets.part).file_size > LARGE:
            return
    before, after = (part(path, targets.part) for path in (source, target))
    new_rows = {row for row, _ in places} - {number for number, _ in readers.rows(readers.tree(before))}
    assert readers.without(before, places, new_rows) == readers.without(after, places, new_rows)
    old, new = readers.placed(readers.tree(before)), readers.placed(readers.tree(after))
    for place in places:
        (cell,) = new[place]
        assert cell.get("t") == "inlineStr"
        assert set(cell.attrib) <= {"r", "s", "t"}
        assert [readers.local(inner) for inner in cell.iter()] == ["c", "is", "t"]
        assert "".join(cell.itertext()) == TEXT
        if place in old:
            assert cell.get("s") == old[place][0].get("s")
    assert readers.hints_reach(readers.tree(after), places)


def patched(source: Path, target: Path, targets: Targets, places: list[Place]) -> None:
    """Write the text; our own comparison must agree."""
    edits = {targets.sheet: dict.fromkeys(places, TEXT)}
    patch(source, target, edits)
    certificate = compare(source, target, edits)
    assert certificate.ok, certificate.unplanned


def openpyxl_agrees(source: Path, target: Path, targets: Targets, places: list[Place]) -> bool:
    """See that every cell of every sheet is what it was, and the text is there; False where it cannot read either."""
    try:
        expected = readers.openpyxl_grids(source)
    except Exception:  # noqa: BLE001 - whatever it is, it is none of ours
        return False
    if targets.sheet not in expected or not (expected[targets.sheet] or "an existing cell" not in targets.places):
        return False
    expected[targets.sheet].update(dict.fromkeys(places, TEXT))
    assert readers.openpyxl_grids(target) == expected
    return True


def calamine_agrees(source: Path, target: Path, targets: Targets, places: list[Place]) -> bool:
    """See the same in every sheet that is not too wide for it."""
    sheets = _moderate(target)
    try:
        expected = {sheet: readers.calamine_grid(source, sheet) for sheet in sheets}
    except Exception:  # noqa: BLE001 - whatever it is, it is none of ours
        return False
    if targets.sheet in expected:
        if not (expected[targets.sheet] or "an existing cell" not in targets.places):
            return False
        expected[targets.sheet].update(dict.fromkeys(places, TEXT))
    assert {sheet: readers.calamine_grid(target, sheet) for sheet in sheets} == expected
    return True


def _moderate(path: Path) -> list[str]:
    """Name the sheets whose rectangle can be allocated."""
    with Container.open(path) as container:
        return [
            sheet.name
            for sheet in container.sheets
            if (found := extent(container, sheet.name)).last_row * found.last_column < DENSE
        ]
