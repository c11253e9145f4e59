"""Who did what to the texts of a record, here and on the service: in order, in words and as data. Pure."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sync.counts import counted
from sync.model import Origin
from sync.report.plan_text import record_data

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sync.model import Delivery, RecordKey

_WIDTH = 72

_BROUGHT = {
    Origin.GENERATED: "made",
    Origin.PULLED: "fetched",
    Origin.UNDONE: "put back",
    Origin.KEYWORDS: "found",
    Origin.NOTHING: "made, and empty",
}
_SENT = {
    Origin.PUSHED: "sent to the service",
    Origin.REVIEWED: "marked as reviewed",
    Origin.PUBLISHED: "marked as published",
    Origin.ARCHIVED: "archived",
}
_BECAME = {
    "waiting": "not in the workbook yet",
    "written": "written into the workbook",
    "kept": "not written: somebody had changed the cell",
    "replaced": "overtaken by a newer text",
    "undone": "taken out of the workbook again",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was done to one text."""

    at: float | None
    """Seconds since 1970, UTC; None where the service does not say."""
    text_type: str
    what: str
    """The service's own word, or ours for what a run did."""
    who: str
    """A person as the service names her; a run of ours."""
    value: str
    here: bool = False
    """Whether this computer did it; else the service tells it."""
    credits: float = 0.0
    simulated: bool = False


def of_run(item: Delivery, state: str, made_at: float, *, simulated: bool) -> Entry:
    """Say what one of our runs did; `state` is the journal's word for what became of the text."""
    sent = _SENT.get(item.origin)
    brought, became = _BROUGHT.get(item.origin, item.origin.value), _BECAME.get(state, state)
    what = sent or (brought if item.origin is Origin.NOTHING else f"{brought}; {became}")
    return Entry(
        made_at, item.key.text_type, what, f"run {item.run_id}", item.value, True, item.credits, simulated  # noqa: FBT003 - here
    )  # fmt: skip


def in_order(entries: Iterable[Entry], text_types: Sequence[str] = (), since: float = 0.0) -> list[Entry]:
    """Sort by time, the oldest first and what has none before all; leave out other texts, and what is older."""
    wanted = {text_type.casefold() for text_type in text_types}
    kept = (one for one in entries if not wanted or one.text_type.casefold() in wanted)
    return sorted(
        (one for one in kept if not since or (one.at or 0.0) >= since), key=lambda one: (one.at or 0.0, one.here)
    )


def history_text(name: str, key: RecordKey, entries: Sequence[Entry], *, whole: bool = False) -> str:
    """Show the past of one record; with `whole`, every text to its end."""
    head = (
        f"Record {key.record_id}{f' ({name})' if name else ''}: {key.type}, store {key.store}, language {key.language}"
    )
    if not entries:
        return f"{head}\n  Nothing is known of its past."
    return "\n".join([head, *(line for one in entries for line in _lines(one, whole=whole))])


def _lines(one: Entry, *, whole: bool) -> Iterator[str]:
    moment = "at an unknown time" if one.at is None else time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(one.at))
    spent = f", {counted(one.credits, 'credit')}{' (simulated)' if one.simulated else ''}" if one.credits else ""
    where = "here" if one.here else "on the service"
    who = f" by {one.who}" if one.who else ""
    yield f"  {moment}  {one.text_type}: {one.what or 'something was done'} {where}{who}{spent}"
    if not one.value:
        return
    if whole:
        yield from (f"      {line}" for line in one.value.splitlines())
    else:
        words = " ".join(one.value.split())
        yield f"      {words if len(words) <= _WIDTH else words[: _WIDTH - 3] + '...'}"


def history_data(key: RecordKey, entries: Iterable[Entry]) -> Mapping[str, Any]:
    """Give the past of one record as plain data; times are UTC."""
    return {
        **record_data(key),
        "history": [
            {
                "at": None if one.at is None else time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(one.at)),
                "field": one.text_type,
                "action": one.what,
                "by": one.who,
                "where": "here" if one.here else "service",
                "credits": one.credits,
                "simulated": one.simulated,
                "value": one.value,
            }
            for one in entries
        ],
    }
