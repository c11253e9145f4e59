"""Sends back to the service what the workbook has: edits, marks, and records to be archived.

None of it costs anything, and doing it twice changes nothing more, so that it may be tried again where an answer is
missing. What stands on the service is looked at once more just before: a text that moved since the plan is left alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sync.counts import counted
from sync.errors import NotFound, Rejected, Unreachable
from sync.model import SENT_BACK, Delivery, Kind, Origin, RemoteText, TextKey, TextUpdate, same
from sync.run.collect import newest
from sync.run.events import Event
from sync.run.patience import patiently

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sync.model import Change, RecordKey
    from sync.run.ports import Session

LOOKED_AT = 50
"""Records whose texts are looked at in one go, just before they are changed."""
ORIGINS = {
    Kind.PUSH: Origin.PUSHED,
    Kind.REVIEW: Origin.REVIEWED,
    Kind.PUBLISH: Origin.PUBLISHED,
    Kind.ARCHIVE: Origin.ARCHIVED,
}


@dataclass(slots=True)
class Pusher:
    """Sends back, and counts the texts: done by kind, and those that could not be."""

    session: Session
    undoing: bool = False
    """The cell gets the text too: what a run had replaced is put back on both sides."""
    done: dict[Kind, int] = field(default_factory=dict)
    failed: int = 0

    def push(self, changes: Iterable[Change]) -> Iterator[Event]:
        """Carry out what a plan sends back, record by record, in the order of the workbook.

        What cannot be sent back is told and stops nothing else; where the service stays silent, the rest is left for
        the next run.
        """
        changes = list(changes)
        groups: dict[tuple[str, str, str], dict[RecordKey, list[Change]]] = {}
        for change in changes:
            if change.kind in SENT_BACK:
                key = change.key.record
                address = (key.type, key.store, key.language)
                groups.setdefault(address, {}).setdefault(key, []).append(change)
        for address, by_record in groups.items():
            records = list(by_record.items())
            for start in range(0, len(records), LOOKED_AT):
                part = records[start : start + LOOKED_AT]
                try:
                    yield from self._part(address, part)
                except Unreachable as error:
                    self.failed = sum(change.kind in SENT_BACK for change in changes) - sum(self.done.values())
                    yield Event(
                        "not pushed",
                        f"{counted(self.failed, 'text')} not sent back: {error.message} The next run tries again.",
                        {"texts": self.failed, "reason": error.message},
                    )
                    return
        if self.done:
            figures = {kind.value: count for kind, count in self.done.items()}
            yield Event("pushed", f"{_said(self.done)}.", figures, quiet=True)

    def _part(self, address: tuple[str, str, str], part: Sequence[tuple[RecordKey, list[Change]]]) -> Iterator[Event]:
        self.session.journal.looks.look_again(record for record, _ in part)
        now = self._look(address, part)
        for record, wanted in part:
            if self.session.stopping():
                return
            yield from self._record(record, wanted, now)

    def _look(
        self, address: tuple[str, str, str], part: Sequence[tuple[RecordKey, list[Change]]]
    ) -> Mapping[TextKey, RemoteText]:
        ids = [record.record_id for record, _ in part]
        types = sorted({change.key.text_type for _, changes in part for change in changes})
        return newest(self.session.service.texts(*address, ids, types))

    def _record(
        self, record: RecordKey, changes: Sequence[Change], now: Mapping[TextKey, RemoteText]
    ) -> Iterator[Event]:
        """Send back one record's texts in one call: all of them, or none."""
        self.session.beat()
        try:
            if changes[0].kind is Kind.ARCHIVE:
                patiently(self.session, lambda: self.session.service.archive(record.type, [record.record_id]))
                sent = {change.key: now[change.key] for change in changes if change.key in now}
            else:
                sent = self._sent(record, changes, now)
        except (_Moved, NotFound, Rejected) as error:
            self.failed += len(changes)
            reason = str(error) if isinstance(error, _Moved) else error.message
            yield Event(
                "not pushed",
                f"{record.record_id}: nothing was sent back: {reason}",
                {"record": record.record_id, "reason": reason},
            )
            return
        self.session.journal.push(sent.values(), [self._delivery(change) for change in changes])
        for change in changes:
            self.done[change.kind] = self.done.get(change.kind, 0) + 1

    def _sent(
        self, record: RecordKey, changes: Sequence[Change], now: Mapping[TextKey, RemoteText]
    ) -> dict[TextKey, RemoteText]:
        values = {change.key: self._value(change, now.get(change.key)) for change in changes}
        updates = [
            TextUpdate(
                change.key.text_type,
                change.text_id,
                values[change.key],
                publish=True if change.kind is Kind.PUBLISH else None,
                # The vendor's own client marks a text as reviewed whenever it marks it as published.
                reviewed=True if change.kind in {Kind.REVIEW, Kind.PUBLISH} else None,
            )
            for change in changes
            if change.kind is not Kind.PUSH or not same(change.now, change.was)
        ]
        if updates:
            patiently(self.session, lambda: self.session.service.update_texts(record, updates))
        return {change.key: RemoteText(change.key, change.text_id, values[change.key]) for change in changes}

    def _value(self, change: Change, now: RemoteText | None) -> str:
        """Give what to send: the service's own spelling where only a mark is meant, else the cell's text."""
        shown = "" if now is None else self.session.as_cell(now.value)
        if now is None or now.text_id != change.text_id or not same(shown, self.session.as_cell(change.was)):
            raise _Moved(f"the {change.key.text_type} has changed on the service since the plan was made; run again")
        if same(change.now, shown):
            return now.value
        if not same(shown, now.value):
            raise _Moved(
                f"the cell cannot hold all of the {change.key.text_type}, so that sending it back would cut it;"
                " change it on the service"
            )
        return change.now

    def _delivery(self, change: Change) -> Delivery:
        """Let the row know, so that its Action is over; the cell stays as it is, unless a run is undone."""
        return Delivery(
            key=change.key,
            text_id=change.text_id,
            value=change.now,
            was=change.was if self.undoing else change.now,
            input_digest=change.input_digest,
            origin=Origin.UNDONE if self.undoing else ORIGINS[change.kind],
            run_id=self.session.run_id,
        )


class _Moved(Exception):
    """What stands on the service is not what the plan was made for."""


_WORDS = ((Kind.PUSH, "sent back"), (Kind.REVIEW, "marked as reviewed"), (Kind.PUBLISH, "published"))


def _said(done: Mapping[Kind, int]) -> str:
    parts = [f"{counted(done[kind], 'text')} {words}" for kind, words in _WORDS if kind in done]
    if Kind.ARCHIVE in done:
        parts.append("records archived")
    return ", ".join(parts)
