"""The provenance on a workbook's `_sync` sheet: written with each save, and brought together with the journal."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TYPE_CHECKING

from sync.cli.obstacles import obstacles
from sync.model import Problem
from sync.tables import Notes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from sync.agreed import Merged
    from sync.cli.wiring import Checked
    from sync.journal import Journal
    from sync.model import Base, ByColumn, Memory, RemoteState, TextKey
    from sync.tables import Tables
    from sync.workbook.package.sheets import NewSheet

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Noted:
    """What a save has to write besides: cells of the `_sync` sheet, or the whole sheet where there is none yet."""

    cells: Mapping[str, ByColumn] = field(default_factory=dict)
    sheets: tuple[NewSheet, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.sheets or any(self.cells.values()))


def noted(
    path: Path, tables: Tables, journal: Journal, arrived: Iterable[tuple[TextKey, Base]], *, simulated: bool
) -> Noted:
    """Work out what the `_sync` sheet does not say yet, once what has arrived is agreed on.

    A sheet whose cells cannot be written (somebody put formulas or merged cells there) keeps these.
    """
    from sync.noting import updates
    from sync.provenance import made_out
    from sync.records.bulk import without_collecting
    from sync.workbook.identity import identity_rows, identity_sheets
    from sync.workbook.layout import SYNC

    rows = identity_rows(tables.workbook_id)
    provenance = made_out(tables.notes or Notes(SYNC, range(1, len(rows) + 1)))
    texts = journal.texts
    undone = set(texts.undone())  # a colleague would take what was put back for an edit of it
    undone -= {key for key, _ in arrived if key in undone} if undone else set()

    def agreed() -> Iterator[tuple[TextKey, Base]]:
        return ((key, base) for key, base in chain(texts.each_base(), arrived) if key not in undone)

    with without_collecting():
        cells = updates(provenance, journal.service, agreed, simulated=simulated)
    if tables.notes is None:
        return Noted(sheets=identity_sheets(path, tables.workbook_id, cells))
    return Noted({tables.notes.sheet: cells.without(obstacles(path, tables.notes.sheet, cells))})


def unsaid(path: Path, tables: Tables, service: str, keys: Iterable[TextKey]) -> dict[str, dict[tuple[int, int], None]]:
    """Give the cells of the `_sync` sheet to be emptied, so that the workbook says nothing of some texts any more."""
    from sync.provenance import made_out

    if tables.notes is None:
        return {}
    provenance = made_out(tables.notes)
    cells = {place for key in keys if (place := provenance.place(service, key)) is not None}
    blocked = obstacles(path, tables.notes.sheet, cells)
    free = dict.fromkeys(cells - blocked.keys())
    return {tables.notes.sheet: free} if free else {}


def together(seen: Checked, remote: RemoteState, memory: Memory, journal: Journal) -> tuple[Memory, Merged | None]:
    """Bring the journal's memory and the workbook's provenance together. Changes nothing."""
    from sync.agreed import merge
    from sync.provenance import made_out
    from sync.records import input_digests
    from sync.records.bulk import without_collecting

    if seen.tables.notes is None:
        return memory, None
    runs = {run.id for run in journal.batches.runs()}
    with without_collecting():
        merged = merge(
            made_out(seen.tables.notes),
            seen.service.identity,
            seen.workbook.records,
            remote,
            memory.bases,
            runs,
            input_digests,
        )
    elsewhere = {**merged.elsewhere, **memory.elsewhere}
    return replace(memory, bases=merged.bases, elsewhere=elsewhere, shared=merged.shared), merged


def knows(tables: Tables, service: str) -> bool:
    """Tell whether a workbook says of any text what was agreed with this service."""
    from sync.provenance import made_out

    return tables.notes is not None and service in made_out(tables.notes).at


def strange(seen: Checked, merged: Merged | None) -> tuple[Problem, ...]:
    """Say once that parts of the sheet cannot be made out; nothing depends on them."""
    if merged is None or not merged.strange or seen.tables.notes is None:
        return ()
    shown = ", ".join(merged.strange[:_SHOWN])
    more = f" and {len(merged.strange) - _SHOWN} more" if len(merged.strange) > _SHOWN else ""
    return (
        Problem(
            where=seen.tables.notes.sheet,
            kind="provenance",
            value="",
            what=f"Notes of wtsync on this hidden sheet cannot be made out ({shown}{more}). They are left out.",
            remedy="Nothing has to be done: texts they were about are compared as at a first meeting.",
            warning=True,
        ),
    )
