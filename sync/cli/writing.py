"""Brings the workbook up to what the journal knows: read, place, save, settle; again if the file changed meanwhile."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from sync.cli.console import typed
from sync.cli.obstacles import obstacles
from sync.model import Origin, TextKey

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from sync.batch import Outcome
    from sync.cli.keyword_pages import Pages
    from sync.journal import Journal
    from sync.journal.deliveries import Deliveries
    from sync.model import Base, CellValue, Delivery, Reference
    from sync.projection import Projection
    from sync.records.locate import Places
    from sync.report.conflicts import Conflict
    from sync.tables import Tables
    from sync.workbook.certificate import Certificate
    from sync.workbook.package.obstacles import Obstacle
    from sync.workbook.package.sheets import NewSheet


@dataclass(frozen=True, slots=True)
class Written:
    """What a write-back did. `certificate` is None when nothing in the file had to change."""

    projection: Projection
    certificate: Certificate | None = None
    backup: Path | None = None
    obstacles: tuple[Obstacle, ...] = ()
    notes: tuple[str, ...] = ()
    hashes: tuple[str, str] = ("", "")
    """Of the file before and after, when it was written."""
    left: tuple[tuple[Delivery, str], ...] = ()
    """Texts that wait on, each with why it has no place in the workbook."""
    offered: tuple[str, ...] = ()
    """What is said about results that were left in a file of their own."""


def write_back(
    path: Path,
    journal: Journal,
    *,
    simulated: bool,
    again: bool = False,
    reference: Reference | None = None,
    conflicts: Sequence[Conflict] | None = None,
    share: bool = False,
    seen: Tables | None = None,
) -> Written:
    """Write what is waiting (with `again`: everything that was ever made), the result columns, and the provenance.

    A workbook without a `_sync` sheet gets none, but with `share`; then it is written even if nothing else is.

    With the account's lists (`reference`) rows whose product changed since their text was ordered are marked.
    `conflicts` are the texts in conflict; None: nobody has looked for any. Raises WorkbookBusy when the file is open
    elsewhere; everything then stays in the journal, for `wtsync apply`. `seen` is what was read of it before.
    """
    from sync.cli.saving import until_quiet

    def once() -> Written:
        ready = _prepared(
            path,
            journal,
            simulated=simulated,
            again=again,
            reference=reference,
            conflicts=conflicts,
            share=share,
            seen=seen,
        )
        return _write_once(path, journal, ready)

    hint = f"Close it where it is open, then run: wtsync apply {typed(path)}. The texts wait in the journal."
    return until_quiet(path, once, hint)


def _write_once(path: Path, journal: Journal, ready: _Ready) -> Written:
    from sync.cli.saving import saved

    if not ready.cells and not ready.sheets:
        journal.texts.settle(ready.projection.settled, ready.arrived, again=ready.again)
        return Written(ready.projection, obstacles=ready.in_the_way, left=ready.left, notes=ready.said)
    with saved(path, journal, ready.cells, ready.sheets, sha256=ready.sha256) as report:
        journal.texts.settle(ready.projection.settled, ready.arrived, again=ready.again)
    notes = (*report.warnings, *map(str, report.notes), *_cut(ready.projection), *ready.said)
    return Written(
        ready.projection,
        report.certificate,
        report.backup,
        ready.in_the_way,
        notes=tuple(dict.fromkeys(notes)),
        hashes=(report.old_sha256, report.new_sha256),
        left=ready.left,
    )


@dataclass(frozen=True, slots=True)
class _Ready:
    """What is to be written. Nothing else of what it was made from stays in memory while that is done and compared."""

    projection: Projection
    cells: dict[str, Mapping[tuple[int, int], CellValue]]
    """By sheet; empty where nothing has to change."""
    sheets: tuple[NewSheet, ...]
    arrived: Iterable[tuple[TextKey, Base]] | None
    """What is agreed on when this is written; None where nobody but the journal has to know."""
    again: bool
    in_the_way: tuple[Obstacle, ...]
    left: tuple[tuple[Delivery, str], ...]
    said: tuple[str, ...]
    sha256: str
    """Of the workbook as it was read."""


def _prepared(
    path: Path,
    journal: Journal,
    *,
    simulated: bool,
    again: bool,
    reference: Reference | None,
    conflicts: Sequence[Conflict] | None,
    share: bool,
    seen: Tables | None,
) -> _Ready:
    """Read the workbook and the journal, and work out what is to be written."""
    from sync.cli.conflict_sheet import conflict_sheet, still_there
    from sync.cli.saving import read_again
    from sync.cli.sharing import Noted, noted
    from sync.projection import joined, results
    from sync.records.locate import locate
    from sync.report.conflicts import messages
    from sync.report.rows import each_row

    tables = read_again(path, journal, remedy=", or name it where it is now", seen=seen)
    deliveries = journal.texts.deliveries(again=again)
    outdated = _outdated(tables, journal, deliveries, reference) if reference else frozenset()
    places = locate(tables)
    before = set(deliveries.addresses()).difference(journal.texts.deliveries().addresses()) if again else frozenset()
    """What was written at an earlier time, if it was."""
    parts = [_placed(path, part, places, deliveries, before) for part in places.sheets()]
    projection = joined(part.projection for part in parts)
    left_open = still_there(places, projection, conflicts)
    told = None if left_open is None else messages(left_open)
    sheet, said = conflict_sheet(path, left_open)
    shows = any(part.places.results for part in parts)
    outcomes = _outcomes(journal, projection, again=again) if shows else ()
    rows = each_row(outcomes, simulated=simulated, outdated=outdated, conflicts=told or {})
    edits = {}
    for part, shown in zip(parts, results(places.sheets(), rows, told), strict=True):
        part.blocked |= obstacles(path, part.sheet, shown)
        edits[part.sheet] = part.projection.edits.under(shown).without(part.blocked)
    arrived, notes = None, Noted()
    if tables.notes is not None or share:
        arrived = journal.texts.arrived(projection.settled, again=again)
        notes = noted(path, tables, journal, arrived, simulated=simulated)
    pages = _keyword_pages(path, tables, journal, reference, projection)
    sheets = (*sheet, *pages.sheets)
    to_write = any(edits.values()) or sheets or (share and notes)
    return _Ready(
        projection=projection,
        cells={name: one for name, one in (*edits.items(), *notes.cells.items()) if one} if to_write else {},
        sheets=(*sheets, *notes.sheets) if to_write else (),
        arrived=arrived,
        again=again,
        in_the_way=tuple(one for part in parts for one in part.blocked.values()),
        left=tuple(_left(places, (item for item in projection.left if item.key not in before), parts)),
        said=(*said, *pages.said),
        sha256=tables.sha256,
    )


def _outcomes(journal: Journal, projection: Projection, *, again: bool) -> Iterator[tuple[TextKey, Outcome]]:
    """Give the latest word about every text, as it is once this is written."""
    kept, left = ({item.key for item in items} for items in (projection.kept, projection.left))
    for key, outcome in journal.each_outcome():
        is_meant = outcome.delivery if again else outcome.delivery == "waiting"
        if is_meant and key not in left:
            yield key, replace(outcome, delivery="kept" if key in kept else "written")
        else:
            yield key, outcome


def _keyword_pages(
    path: Path, tables: Tables, journal: Journal, reference: Reference | None, projection: Projection
) -> Pages:
    """Give the sheets about keywords where any were looked for, and have to be written."""
    from sync.cli.keyword_facts import after_write
    from sync.cli.keyword_pages import Pages, keyword_pages

    brought = ((item.key, item.value) for item in projection.written)
    found = after_write(tables, journal, reference, brought)
    return keyword_pages(path, found) if found else Pages()


def certificate_data(written: Written | None) -> dict[str, Any] | None:
    """Give the whole certificate of a write as plain data; None where nothing had to be written."""
    if written is None or written.certificate is None:
        return None
    known = asdict(written.certificate)
    words = {name: name.split("_")[0] + "".join(part.capitalize() for part in name.split("_")[1:]) for name in known}
    return {
        "line": written.certificate.line(),
        "ok": written.certificate.ok,
        **{words[name]: value for name, value in known.items()},
        "unplanned": [str(one) for one in written.certificate.unplanned],
        "sha256Before": written.hashes[0],
        "sha256After": written.hashes[1],
        "backup": None if written.backup is None else str(written.backup),
    }


def _cut(projection: Projection) -> Iterator[str]:
    """Tell of texts that were longer than a cell can hold; they were cut on their way into the journal's delivery."""
    from sync.workbook.package.text import CUT_MARK, LIMIT

    if 2 * projection.longest < LIMIT:  # which counts as Excel does: some characters for two
        return
    for item in projection.written:
        if item.value.endswith(CUT_MARK):
            yield (
                f"{item.key.text_type.capitalize()} of {item.key.record.record_id} is longer than a cell can hold, and"
                " was cut there; the service and the journal have all of it."
            )


@dataclass(slots=True)
class _Part:
    """One sheet that is written: where things stand on it, the texts that come into it, and the cells that cannot."""

    places: Places
    projection: Projection
    blocked: dict[tuple[int, int], Obstacle]

    @property
    def sheet(self) -> str:
        return self.places.tables.sheet


def _placed(
    path: Path, places: Places, everywhere: Places, deliveries: Deliveries, before: Collection[TextKey]
) -> _Part:
    """Place the texts of one sheet, but for those whose cells must not be written."""
    from sync.projection import deliver

    blocked: dict[tuple[int, int], Obstacle] = {}

    def mine(key: TextKey) -> bool:
        return everywhere.of(key.record) is places and (not blocked or places.target(key) not in blocked)

    projection = deliver(places, deliveries, again=before, mine=mine, values=deliveries.values)
    blocked |= obstacles(path, places.tables.sheet, projection.targets)
    if blocked:  # once more without them, which is seldom: each time all texts are read
        projection = deliver(places, deliveries, again=before, mine=mine, values=deliveries.values)
    return _Part(places, projection, blocked)


def _left(places: Places, deliveries: Iterable[Delivery], parts: Iterable[_Part]) -> Iterator[tuple[Delivery, str]]:
    """Say of each text that has no place why that is."""
    in_the_way = {id(part.places): part.blocked for part in parts}
    for item in deliveries:
        there = places.of(item.key.record)
        target = there.target(item.key) if there is not None else None
        if there is None or item.key.record not in there.rows:
            yield item, "no row of its own"
        elif target is None:
            yield item, f"no column {item.key.text_type.capitalize()}"
        elif target in (blocked := in_the_way[id(there)]):
            found = blocked[target]
            yield item, f"{found.sheet}!{found.address}: the cell {found.reason}"


def _outdated(tables: Tables, journal: Journal, deliveries: Deliveries, reference: Reference) -> frozenset[TextKey]:
    """Find the texts that were ordered before their product changed; keywords that come with them are no change."""
    from sync.keywording import informed
    from sync.records import input_digests, to_workbook

    ordered = journal.texts.generated()
    ordered.update(deliveries.ordered())
    if not ordered:
        return frozenset()
    records = {key.record for key in ordered}
    keywords = {item.key.record: item.value for item in deliveries.of_origin(Origin.KEYWORDS)}
    return frozenset(
        key
        for record in to_workbook(tables, reference).records
        if record.key in records
        for text_type, digest in input_digests(informed(record, keywords.get(record.shown or record.key, ""))).items()
        if ordered.get(key := TextKey(record.key, text_type), digest) not in {"", digest}
    )
