"""Finds out what a run replaced on the service, so that it can be sent back. It only reads, and never supposes.

What to send is what stood in the cell; where that was empty, what the service had. A text that the service never had
before cannot be taken from it again, and one that has changed there since is left.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.model import Change, Kind, Origin, TextKey, normal, same
from sync.run.push import LOOKED_AT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sync.model import Delivery, RemoteText
    from sync.run.ports import Session

_TWO = 2
"""Texts of a kind that are asked for: the newest, and the one before it."""


@dataclass(frozen=True, slots=True)
class Returns:
    """What can be put back on the service, and what cannot, with the reason; in the order of the deliveries."""

    changes: tuple[Change, ...]
    """Of each, `was` is the run's text and `now` the former one."""
    left: Mapping[TextKey, str]


def returns(session: Session, items: Iterable[Delivery], known: Mapping[TextKey, str]) -> Returns:
    """Look at what the service has of some texts that a run brought, and had before; `known` is that by the journal."""
    changes, left = [], {}
    for item, there in _looked_at(session, items):
        former = item.was if normal(item.was) else known.get(item.key, there[1].value if len(there) > 1 else "")
        reason = _hindrance(session, item, there, had_one=bool(there[1:]) or item.key in known)
        if not reason and not normal(former):
            reason = "what it had before is not known"
        if reason:
            left[item.key] = reason
            continue
        changes.append(
            Change(
                key=item.key,
                row=0,
                kind=Kind.PUSH,
                reason="the run is undone",
                was=item.value,
                now=session.as_cell(former),
                text_id=item.text_id,
                input_digest="",
            )
        )
    return Returns(tuple(changes), left)


def _hindrance(session: Session, item: Delivery, there: Sequence[RemoteText], *, had_one: bool) -> str:
    if item.origin is Origin.PULLED:
        return "the run only fetched it, and replaced nothing there"
    if not there:
        return "the service no longer has it"
    if there[0].text_id != item.text_id or not same(session.as_cell(there[0].value), item.value):
        return "it has changed on the service since"
    if item.origin is Origin.GENERATED and not had_one:
        return "the service never had one before, and none can be taken from it"
    return ""


def _looked_at(session: Session, items: Iterable[Delivery]) -> Iterator[tuple[Delivery, list[RemoteText]]]:
    """Give each delivery with the service's texts of its kind, the newest first."""
    groups: dict[tuple[str, str, str], list[Delivery]] = {}
    for item in items:
        record = item.key.record
        groups.setdefault((record.type, record.store, record.language), []).append(item)
    for address, group in groups.items():
        for start in range(0, len(group), LOOKED_AT):
            part = group[start : start + LOOKED_AT]
            ids = list(dict.fromkeys(item.key.record.record_id for item in part))
            types = sorted({item.key.text_type for item in part})
            found: dict[TextKey, list[RemoteText]] = {}
            for text in session.service.texts(*address, ids, types, history=_TWO):
                found.setdefault(text.key, []).append(text)
            for item in part:
                yield item, found.get(item.key, [])
