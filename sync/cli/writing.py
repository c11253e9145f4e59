"""Brings the workbook up to what the journal knows: read, place, save, settle; again if the file changed meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sync.errors import WorkbookBusy

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sync.journal import Journal
    from sync.model import Change
    from sync.projection import Projection
    from sync.records.locate import Places
    from sync.workbook.package.obstacles import Obstacle
    from sync.workbook.verify import Certificate

TRIES = 5
BACKUPS_KEPT = 20


@dataclass(frozen=True, slots=True)
class Written:
    """What a write-back did. `certificate` is None when nothing in the file had to change."""

    projection: Projection
    certificate: Certificate | None = None
    backup: Path | None = None
    obstacles: tuple[Obstacle, ...] = ()
    notes: tuple[str, ...] = ()


def write_back(path: Path, journal: Journal, *, simulated: bool, again: bool = False) -> Written:
    """Write what is waiting (with `again`: everything that was ever made) and the result columns.

    Raises WorkbookBusy when the file is open elsewhere; everything then stays in the journal, for `wtsync apply`.
    """
    from sync.workbook.save import ChangedMeanwhile

    for _ in range(TRIES):
        try:
            return _write_once(path, journal, simulated=simulated, again=again)
        except ChangedMeanwhile:
            continue
    raise WorkbookBusy(
        f"{path.name} keeps changing while it is being written.",
        f"Close it where it is open, then run: wtsync apply {path.name}. The texts wait in the journal.",
    )


def _write_once(path: Path, journal: Journal, *, simulated: bool, again: bool) -> Written:
    from sync.projection import deliver, results
    from sync.records.locate import locate
    from sync.report.rows import row_results
    from sync.workbook.read import read
    from sync.workbook.save import save

    tables = read(path)
    places = locate(tables)
    deliveries = journal.texts.deliveries(again=again)
    blocked = _obstacles(path, places, [(item.key.record, item.key.text_type) for item in deliveries])
    free = [item for item in deliveries if _target(places, item.key.record, item.key.text_type) not in blocked]
    projection = deliver(places, free)
    outcomes = journal.outcomes()
    for item, state in projection.settled:
        outcomes[item.key] = replace(outcomes[item.key], delivery=state)
    edits = {**projection.edits, **results(places, row_results(outcomes, simulated=simulated))}
    if not edits:
        journal.texts.settle(projection.settled)
        return Written(projection, obstacles=tuple(blocked.values()))
    entry: list[int] = []
    report = save(
        path,
        {tables.sheet: edits},
        expected_sha256=tables.sha256,
        backup_dir=journal.path.parent.parent / "backups" / tables.workbook_id,
        before_replace=lambda old, new: entry.append(journal.texts.save_begins(str(path), old, new)),
    )
    journal.texts.settle(projection.settled)
    journal.texts.save_ended(entry[0])
    if report.backup is not None:
        _prune(report.backup.parent)
    notes = tuple(dict.fromkeys((*report.warnings, *map(str, report.notes))))
    return Written(projection, report.certificate, report.backup, tuple(blocked.values()), notes)


def _prune(folder: Path) -> None:
    """Keep the newest backups of a workbook; their names begin with the time."""
    for old in sorted(folder.iterdir(), key=lambda file: file.stat().st_mtime)[:-BACKUPS_KEPT]:
        old.unlink(missing_ok=True)


def _target(places: Places, record: object, text_type: str) -> tuple[int, int]:
    return places.rows.get(record, 0), places.texts.get(text_type, 0)  # type: ignore[call-overload]


def _obstacles(path: Path, places: Places, texts: Iterable[tuple[object, str]]) -> dict[tuple[int, int], Obstacle]:
    """Find the cells among those of some texts that must not be written: formulas, headings of tables, merged cells."""
    from sync.workbook.package.container import Container
    from sync.workbook.package.obstacles import check

    cells = {_target(places, record, text_type) for record, text_type in texts}
    cells = {cell for cell in cells if all(cell)}
    if not cells:
        return {}
    with Container.open(path) as container:
        return {(found.row, found.column): found for found in check(container, places.tables.sheet, cells)}


def obstacles_to(path: Path, places: Places, changes: Iterable[Change]) -> tuple[Obstacle, ...]:
    """Say which target cells of a plan cannot be written, before anything is paid for."""
    return tuple(_obstacles(path, places, [(change.key.record, change.key.text_type) for change in changes]).values())
