"""Looks at what the service holds at the cost of what changed: what it does not tell of is taken from the last look.

A first look reads every text, and remembers them slice by slice, so that one that is cut short is gone on with. A later
one asks the service what was done since, with some minutes of overlap because it may tell late, and reads those
records; the rest is remembered. Whatever does not fit makes a full look of it: an answer that cannot be read, a text
that is told of and is not there, or a remembered record, of those looked at besides, that is another by now. Times are
the service's own, so that our clock does not count.

Silence means something only of a service that has been seen to tell. While there is no text, nobody can see that: what
such a look remembers is built upon as soon as there is one.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sync.errors import JournalError, NotSignedIn, ServiceError
from sync.model import Address, Look, RecordKey

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sync.model import RemoteText
    from sync.run.ports import Looks, Service, Told

PAGES = 5
RECORDS_A_PAGE = 50
"""How many pages are turned at most: so many, and one for every so many records. Beyond, reading all is no dearer."""
SLICE = 2_000
"""How many records are read before they are remembered: some forty calls, which a look cut short costs again."""


@dataclass(frozen=True, slots=True)
class Habits:
    """How careful looks are. Times in seconds."""

    overlap: float = 600.0
    """How far before the last look it is asked what was done: the service may tell late."""
    longest: float = 7 * 86_400.0
    """How long after a full look the next one is a full look again."""
    checked: int = 20
    """How many remembered records are read all the same at each look, in turn."""


@dataclass(frozen=True, slots=True)
class Group:
    """What is looked at in one go: records by their ids, and which texts of theirs."""

    address: Address
    ids: Sequence[str]
    text_types: tuple[str, ...]


class _Afresh(Exception):
    """What is remembered is nothing to build upon."""


@dataclass(slots=True)
class Looker:
    """Looks at groups of records. `began` is the service's time when it began, None where that is not known."""

    service: Service
    looks: Looks
    began: float | None
    doubted: frozenset[RecordKey] = frozenset()
    """Records to be read at every look, because something of theirs is under way."""
    habits: Habits = field(default_factory=Habits)
    full: bool = False
    """Whether everything is to be read; afterwards, whether a group was read whole."""
    _telling: dict[Address, bool] = field(default_factory=dict, init=False)
    """What was found out of whether the service tells: once a look."""

    def look(self, group: Group) -> list[RemoteText]:
        """Give the texts of a group's records. Raises a ServiceError where they cannot be read."""
        held = None if self.full else self._held(group)
        if held is not None:
            with suppress(_Afresh):
                return self._changes(group, held)
        self.full = True
        return self._whole(group)

    def _held(self, group: Group) -> Look | None:
        """Give the last look, if it is one to build upon."""
        held = self.looks.known(self.service.account, group.address)
        if held is None or self.began is None or held.text_types != group.text_types:
            return None
        if self.began < held.at or self.began - held.full_at > self.habits.longest:
            return None
        # What holds a text was remembered because the service had been seen to tell; without any, that is still to see.
        return held if any(held.holdings.values()) or self._tells(group.address) else None

    def _whole(self, group: Group) -> list[RemoteText]:
        """Read everything, and remember it if a later look may build upon it."""
        texts: list[RemoteText] = []
        remembers = self.began is not None
        for start in range(0, len(group.ids), SLICE):
            ids = group.ids[start : start + SLICE]
            found = self._texts(group, ids)
            if found and not texts:
                remembers = remembers and self._tells(group.address)
            texts += found
            if remembers and self.began is not None:
                read = _by_record(group.address, ids, found)
                look = Look(group.text_types, self.began, self.began, 0, self._certain(group, read))
                self._remember(group, look, () if start else None)
        if not remembers:
            with suppress(JournalError):
                self.looks.forget(group.address)
        return texts

    def _remember(self, group: Group, look: Look, gone: Iterable[str] | None = ()) -> None:
        with suppress(JournalError):  # what cannot be remembered is read again
            self.looks.remember(self.service.account, group.address, look, gone)

    def _tells(self, address: Address) -> bool:
        """Tell whether the service says what was done when; it is asked about that once."""
        if address not in self._telling:
            self._telling[address] = self._is_telling(address)
        return self._telling[address]

    def _is_telling(self, address: Address) -> bool:
        """Find out whether the service says what was done when, where there are texts: else silence means nothing."""
        type_, store, language = address
        try:
            rows = next(iter(self.service.status_pages(type_, store=store, language=language, page_size=1)), ())
            dates = [row.date for row in rows if row.date is not None]
            if not dates:
                return False
            since = min(dates) - 1
            pages = self.service.status_pages(type_, store=store, language=language, start=since, page_size=1)
            return bool(next(iter(pages), ()))
        except NotSignedIn:
            raise
        except ServiceError:
            return False

    def _changes(self, group: Group, held: Look) -> list[RemoteText]:
        """Read what changed since a look, and take the rest from it. Raises _Afresh where that does not fit."""
        told = self._told(group, held.at - self.habits.overlap)
        kept = {
            one: held.holdings[one]
            for one in group.ids
            if one in held.holdings and one not in told and _record(group, one) not in self.doubted
        }
        checked = _in_turn(list(kept), held.turn, self.habits.checked)
        known = [one for one in group.ids if one in checked or (one in held.holdings and one not in kept)]
        new = [one for one in group.ids if one not in held.holdings]
        asked = known + new[:SLICE]
        read = _by_record(group.address, asked, self._texts(group, asked))
        if any(read[one] != kept[one] for one in checked):
            raise _Afresh
        for start in range(0, len(new), SLICE) if len(new) > SLICE else ():
            ids = new[start : start + SLICE]
            if start:
                read |= _by_record(group.address, ids, self._texts(group, ids))
            # As of the last look: what was done since has been told, and is not remembered before all of it is read.
            found = self._certain(group, {one: read[one] for one in ids})
            self._remember(group, Look(group.text_types, held.at, held.full_at, held.turn, found))
        if not _are_there(told, read):
            raise _Afresh
        certain = self._certain(group, read)
        look = Look(group.text_types, self.began or 0.0, held.full_at, held.turn + len(checked), certain)
        self._remember(group, look, held.holdings.keys() - certain.keys() - kept.keys())
        everything = {**kept, **read}
        return [text for one in dict.fromkeys(group.ids) for text in everything.get(one, ())]

    def _texts(self, group: Group, ids: Sequence[str]) -> list[RemoteText]:
        return self.service.texts(*group.address, ids, group.text_types) if ids else []

    def _told(self, group: Group, since: float) -> dict[str, set[str]]:
        """Ask what was done since a moment: our records, each with its text types, of those we want, in lower case."""
        spelled: dict[str, list[str]] = {}
        for one in group.ids:
            spelled.setdefault(one.strip().casefold(), []).append(one)
        wanted = {one.casefold() for one in group.text_types}
        most = PAGES + len(group.ids) // RECORDS_A_PAGE
        found: dict[str, set[str]] = {}
        for number, page in enumerate(self._pages(group.address, since)):
            if number >= most or any(row.date is None for row in page):
                raise _Afresh
            for row in page:
                for one in spelled.get(row.record_id.strip().casefold(), ()):
                    found.setdefault(one, set()).update(wanted & {row.text_type.casefold()})
        return found

    def _pages(self, address: Address, since: float) -> Iterator[Sequence[Told]]:
        """Give page after page. Raises _Afresh where not all of them can be read."""
        try:
            yield from self.service.status_pages(
                address.type, store=address.store, language=address.language, start=since
            )
        except NotSignedIn:
            raise
        except ServiceError:
            raise _Afresh from None

    def _certain(self, group: Group, read: Mapping[str, tuple[RemoteText, ...]]) -> dict[str, tuple[RemoteText, ...]]:
        """Leave out what is to be read at the next look too."""
        return {one: texts for one, texts in read.items() if _record(group, one) not in self.doubted}


def _record(group: Group, record_id: str) -> RecordKey:
    return RecordKey(group.address.store, group.address.type, record_id, group.address.language)


def _by_record(address: Address, ids: Iterable[str], texts: Iterable[RemoteText]) -> dict[str, tuple[RemoteText, ...]]:
    """Sort texts by their record; one that was asked for and has none gets none."""
    found: dict[str, list[RemoteText]] = {one: [] for one in ids}
    for text in texts:
        key = text.key.record
        if key.record_id in found and (key.type, key.store, key.language) == address:
            found[key.record_id].append(text)
    return {one: tuple(its) for one, its in found.items()}


def _are_there(told: Mapping[str, set[str]], read: Mapping[str, tuple[RemoteText, ...]]) -> bool:
    """Tell whether every text that was told of was found."""
    return all(types <= {text.key.text_type.casefold() for text in read[one]} for one, types in told.items())


def _in_turn(ids: Sequence[str], turn: int, count: int) -> frozenset[str]:
    """Choose so many ids, others at each turn, until all have had theirs."""
    if not ids:
        return frozenset()
    return frozenset(ids[(turn + step) % len(ids)] for step in range(min(count, len(ids))))
