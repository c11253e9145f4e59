"""`wtsync history`: who did what to the texts of a record, as the service tells it and as this computer knows it."""

from __future__ import annotations

import calendar
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sync.cli.console import out, out_json, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sync.model import Record, RecordKey
    from sync.report.history_text import Entry
    from sync.service import Service
    from sync.tables import Tables


@click.command("history")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--record", "records", multiple=True, required=True, metavar="ID", help="Of this record; may be given often."
)
@click.option("--text", "texts", multiple=True, metavar="TEXT", help="Only this text, as in 'page title'.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD", help="Leave out what is older (UTC).")
@click.option("--whole", is_flag=True, help="Show every text to its end.")
@click.option("--json", "as_json", is_flag=True, help="Give the history as JSON.")
def command(
    file: Path, records: tuple[str, ...], texts: tuple[str, ...], since: datetime | None, whole: bool, as_json: bool
) -> None:
    """Show who did what to the texts of a record of FILE, and when; it costs nothing.

    What people and runs did on the service comes from the service. What wtsync brought into the workbook or sent from
    it comes from this computer, with the run and what it cost; that can be seen without the service, too.
    """
    from sync.report.history_text import history_data, history_text, in_order
    from sync.workbook.read import read

    _check(texts)
    tables = read(file)
    begin = float(calendar.timegm(since.timetuple())) if since is not None else 0.0
    found = [(record, in_order(entries, texts, begin)) for record, entries in _told(tables, records, as_json=as_json)]
    if as_json:
        out_json({"workbook": str(file), "records": [history_data(one.key, entries) for one, entries in found]})
        return
    out("\n\n".join(history_text(one.inputs.name, one.key, entries, whole=whole) for one, entries in found))


def _check(texts: Sequence[str]) -> None:
    from sync.errors import UsageError
    from sync.model import TEXT_TYPES
    from sync.workbook.layout import near_miss

    known = [text_type for types in TEXT_TYPES.values() for text_type in types]
    for text in texts:
        if text.casefold() not in known:
            near = near_miss(text, known)
            raise UsageError(
                f"--text does not know '{text}'.",
                f"Did you mean '{near}'?" if near else f"It knows: {', '.join(known)}.",
            )


def _told(tables: Tables, ids: tuple[str, ...], *, as_json: bool) -> list[tuple[Record, list[Entry]]]:
    """Ask the service, where it can be asked, and the journal; the records in the order of the workbook."""
    from sync.cli.connecting import connect
    from sync.cli.wiring import moved_journal
    from sync.errors import ServiceError

    moved_journal(tables)
    try:
        with connect() as service:
            found = _records(tables, ids, service)
            return [(one, [*_on_service(service, one.key), *_here(tables, one.key)]) for one in found]
    except ServiceError as error:
        if as_json:
            raise
        say(f"wtsync: note: {error.message} So this is only what this computer knows.")
    return [(one, list(_here(tables, one.key))) for one in _records(tables, ids, None)]


def _records(tables: Tables, ids: tuple[str, ...], service: Service | None) -> Sequence[Record]:
    from sync.errors import UsageError
    from sync.records import to_workbook
    from sync.selection import NotSelectable, Selection, chosen

    workbook = to_workbook(tables, service.reference() if service else None)
    try:
        return chosen(workbook.records, tables, Selection(ids))
    except NotSelectable as error:
        raise UsageError(error.message, error.hint) from None


def _on_service(service: Service, key: RecordKey) -> Iterator[Entry]:
    from sync.model import IMAGE
    from sync.report.history_text import Entry

    if key.type == IMAGE:  # that call is about texts; of an image, this computer knows
        return
    pages = service.history_pages(key.type, key.store, record_ids=[key.record_id], language=key.language)
    for page in pages:
        for row in page:
            if row.record_id == key.record_id:
                yield Entry(row.date, row.text_type, row.action, row.user, row.value)


def _here(tables: Tables, key: RecordKey) -> Iterator[Entry]:
    from sync.journal import journal_path, past
    from sync.report.history_text import of_run

    for step in past(journal_path(tables.workbook_id), [key]):
        simulated = step.service.startswith("simulator")
        yield of_run(step.delivery, step.state, step.made_at, simulated=simulated)
