"""`wtsync restore`: lists the copies of a workbook from before each write, and puts one back."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sync.cli.console import confirmed, out, out_json, say, typed
from sync.counts import counted, number
from sync.errors import Refused, UsageError, WorkbookError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sync.workbook.backups import Backup

_PATIENCE = 20.0
"""Seconds spent on comparing copies with the present file; the others are listed without."""


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--to", "wanted", metavar="N|latest|PATH", help="Put this copy back: its number, the newest, or a file.")
@click.option("--yes", "-y", is_flag=True, help="Do not ask before FILE is replaced.")
@click.option("--json", "as_json", is_flag=True, help="Give the list as JSON.")
def command(file: Path, wanted: str | None, yes: bool, as_json: bool) -> None:
    """List the copies of FILE that were kept before wtsync wrote into it; with --to, put one back.

    The whole file is replaced, or nothing; what is there now is kept as a copy first. Texts that are not in the copy
    wait in the journal again: the next `wtsync run` or `wtsync apply` writes them, for nothing. Nothing is ever
    forgotten on the service.
    """
    place = _place(file)
    if wanted is None:
        _list(file, place, as_json=as_json)
    else:
        _restore(file, place, wanted, yes=yes)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the journal and the copies of a workbook lie."""

    journal: Path
    folder: Path
    own_id: str
    """The id that the file itself bears; empty where it cannot be read."""

    @property
    def backups(self) -> list[Backup]:
        """List the copies, the newest first."""
        from sync.workbook.backups import backups

        return backups(self.folder)


def _place(file: Path) -> _Place:
    """Find the copies of a workbook, also of one that is gone, damaged or replaced by another.

    Raises what reading the file raises, where nothing is known of it.
    """
    from sync.cli.wiring import moved_journal
    from sync.journal import backup_folder, journal_path, known_as
    from sync.workbook.read import read

    failure, own = None, ""
    try:
        tables = read(file)
        moved_journal(tables)
        own = tables.workbook_id
    except WorkbookError as error:
        failure = error
    places = [_Place(journal_path(one), backup_folder(journal_path(one)), own) for one in (own, known_as(file)) if one]
    for place in places:
        if place.backups:
            return place
    if failure is not None:
        raise failure
    return places[0]


def _list(file: Path, place: _Place, *, as_json: bool) -> None:
    listed = list(_described(file, place))
    if as_json:
        out_json({"file": str(file), "backups": listed})
        return
    if not listed:
        out(f"There is no copy of {file.name} on this computer: wtsync has not written into it yet.")
        return
    out(f"Copies of {file.name}, the newest first; each is the whole file as it was before a write:")
    for one in listed:
        run = f"before run {one['run']} wrote" if one["run"] else "before a write"
        out(f"  {one['number']:>2}  {_moment(one['at'])}  {run:<26}  {number(one['bytes'])} bytes  {one['differs']}")
    say(f"\nTo put one back: wtsync restore {typed(file)} --to N. To see the cells: wtsync verify COPY {typed(file)}")
    say(f"They lie in {place.folder}")


def _described(file: Path, place: _Place) -> Iterator[dict[str, Any]]:
    from sync.journal import Journal, last_service

    last = last_service(place.journal)
    replaced: dict[str, tuple[float, str]] = {}
    if last is not None:
        with Journal(place.journal, last[0], simulated=last[1]) as journal:
            replaced = {sha[:12]: told for sha, told in journal.files.replaced().items()}
    until = time.monotonic() + _PATIENCE
    for at, backup in enumerate(place.backups, 1):
        moment, run = replaced.get(backup.sha_begins, (backup.at, ""))
        yield {
            "number": at,
            "at": moment,
            "run": run,
            "bytes": backup.size,
            "differs": _compared(backup.path, file) if time.monotonic() < until else "not compared",
            "path": str(backup.path),
        }


def _compared(backup: Path, file: Path) -> str:
    """Say how the present file differs from a copy."""
    from sync.cli.verify import summary
    from sync.workbook.differences import differences

    if not file.exists():
        return f"{file.name} is gone"
    try:
        return summary(differences(backup, file, most=0))
    except WorkbookError:
        return "cannot be compared"


def _restore(file: Path, place: _Place, wanted: str, *, yes: bool) -> None:
    from sync.cli.undone import undone
    from sync.journal import Journal, Lease, last_service
    from sync.workbook.backups import prune
    from sync.workbook.read import read
    from sync.workbook.save import put_back

    source = _chosen(file, place, wanted)
    service, simulated = last_service(place.journal) or ("", False)
    with (
        Lease(place.journal, f"wtsync restore {typed(file.name)}"),
        Journal(place.journal, service, simulated=simulated) as journal,
    ):
        question = f"Replace {file.name} by {source.name} ({_compared(source, file)})?"
        if not yes and not confirmed(question):
            raise Refused("Nothing was replaced.", "Answer y on a terminal, or add --yes.")
        entry: list[int] = []
        kept, warnings = put_back(
            file,
            source,
            backup_dir=place.folder,
            before_replace=lambda old, new: entry.append(journal.texts.save_begins(str(file), old, new)),
        )
        gone = undone(read(file), journal, sure=True)
        journal.texts.wait_again(gone)
        journal.texts.save_ended(entry[0])
        prune(place.folder)
    out(f"{file.name} is again what {source.name} holds.")
    if kept is not None:
        out(f"What it was is kept: {kept}")
    if gone:
        out(
            f"{counted(len(gone), 'text')} that {'is' if len(gone) == 1 else 'are'} not in it any more"
            f" {'waits' if len(gone) == 1 else 'wait'} in the journal; the next `wtsync run` or `wtsync apply` writes"
            f" {'it' if len(gone) == 1 else 'them'} again, for nothing."
        )
    for warning in warnings:
        say(f"wtsync: {warning}")


def _chosen(file: Path, place: _Place, wanted: str) -> Path:
    """Find the copy that is meant. Raises UsageError, or WorkbookError for what is no copy of this workbook."""
    from sync.workbook.twins import id_of

    known: Sequence[Backup] = place.backups
    if wanted.isdecimal() or wanted == "latest":
        at = 1 if wanted == "latest" else int(wanted)
        if not 1 <= at <= len(known):
            raise UsageError(
                f"There is no copy number {wanted} of {file.name}; there {_are(len(known))}.",
                f"`wtsync restore {typed(file)}` lists them.",
            )
        return known[at - 1].path
    source = Path(wanted)
    theirs = id_of(source)
    if theirs != (place.own_id if not place.own_id.startswith("path-") else "") and theirs != place.journal.stem:
        raise WorkbookError(
            f"{source.name} is not a copy of {file.name}: it bears another workbook id.",
            "Name a copy of this workbook, or copy the file yourself.",
        )
    if not theirs and not _same_records(source, place.journal):
        raise WorkbookError(
            f"{source.name} is not a copy of {file.name}: its records are others.",
            "Name a copy of this workbook, or copy the file yourself.",
        )
    return source


def _same_records(source: Path, journal: Path) -> bool:
    """Tell whether a workbook without an id has at least half of the records that a journal knows."""
    from sync.journal import records_of
    from sync.records.locate import locate
    from sync.workbook.read import read

    known = records_of(journal)
    there = {key.record_id for key in locate(read(source)).rows}
    return not known or 2 * len(known & there) >= len(known)


def _are(count: int) -> str:
    return "is 1" if count == 1 else f"are {count}"


def _moment(at: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(at))
