"""Texts of many records, in as few calls as the service lets us, and the paged lists about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote

from sync.errors import NotFound, Rejected
from sync.service import body, loose, results

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sync.model import RemoteText
    from sync.service.session import Session

Row = TypeVar("Row")

_FIRST, _MOST = 5, 50
_TOO_MUCH = frozenset({400, 413, 414, 431})
_DOUBTS = 16
"""How many calls may be spent on finding out what a 404 for several ids means."""
_MOST_PAGES = 10_000
_MOST_EMPTY_PAGES = 20


class TextReader:
    """Asks for texts, and learns how many ids a call may name.

    It begins with five and doubles as long as that goes well; when it does not, it stays with half.

    A 404 should mean that none of the ids has texts. Should it mean that one of them has none, texts that were
    paid for would be overlooked; so the first such answers are taken apart until the service has shown its way.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._most = _FIRST
        self._ceiling = _MOST
        self._doubts = _DOUBTS
        self._skips: bool | None = None
        """Whether the service leaves out what it has not, instead of answering 404; None until it shows."""

    def read(self, asked: results.Asked) -> list[RemoteText]:
        """Return the texts in the order of the ids, the newest first where several of a kind are wanted."""
        found: list[RemoteText] = []
        waiting = [one for one in dict.fromkeys(asked.record_ids) if one]
        while waiting:
            ids = self._next(asked, waiting)
            try:
                answer = self._ask(asked, ids)
            except Rejected as error:
                if len(ids) == 1 or error.status not in _TOO_MUCH:
                    raise
                self._most = self._ceiling = len(ids) // 2
                continue
            found += answer
            del waiting[: len(ids)]
            if len(ids) == self._most:
                self._most = min(self._ceiling, self._most * 2)
        return found

    def _next(self, asked: results.Asked, waiting: Sequence[str]) -> list[str]:
        ids = [waiting[0]]
        if "," in waiting[0]:
            return ids
        room = self._session.room("texts", _query(asked, ids))
        for one in waiting[1 : self._most]:
            room -= len(quote(f",{one}", safe=""))
            if room < 0 or "," in one:
                break
            ids.append(one)
        return ids

    def _ask(self, asked: results.Asked, ids: list[str]) -> list[RemoteText]:
        part = results.Asked(asked.type, asked.store, asked.language, tuple(ids), asked.text_types, asked.history)
        try:
            value = self._session.get_json("texts", "texts of records", query=_query(asked, ids))
        except NotFound:
            if len(ids) == 1 or self._skips or (self._skips is None and not self._doubts):
                return []
            return self._take_apart(asked, ids)
        found = results.remote_texts(value, part)
        if len({one.key.record.record_id for one in found}) < len(ids):
            self._skips = True if self._skips is None else self._skips
        return found

    def _take_apart(self, asked: results.Asked, ids: list[str]) -> list[RemoteText]:
        self._doubts = max(0, self._doubts - 2)
        middle = len(ids) // 2
        found = self._ask(asked, ids[:middle]) + self._ask(asked, ids[middle:])
        if found:
            self._skips = False
        return found


def _query(asked: results.Asked, ids: Sequence[str]) -> list[tuple[str, str]]:
    query = [("type", asked.type), ("storeId", asked.store), ("language", asked.language)]
    query += [("recordId", ",".join(ids)), ("field", ",".join(asked.text_types))]
    return query + ([("historyCount", str(asked.history))] if asked.history > 1 else [])


def status_query(
    type_: str,
    store: str,
    language: str,
    between: tuple[float | None, float | None],
    *,
    fields: Sequence[str],
    states: Sequence[str],
    user: str,
    page_size: int,
) -> list[tuple[str, str]]:
    """Ask for the rows of texts, as every list of them is asked: `between` two moments, in seconds since 1970."""
    start, end = map(body.time, between)
    query = [("type", type_), ("storeId", store), ("language", language), ("userName", user)]
    query += [("startDate", start), ("endDate", end)]
    query += [("fields", one) for one in fields] + [("status", one) for one in states]
    return [*query, ("pageSize", str(page_size))]


def pages(
    session: Session,
    name: str,
    query: Sequence[tuple[str, str]],
    read: Callable[[object], tuple[tuple[Row, ...], str]],
    *,
    none: bool = False,
) -> Iterator[tuple[Row, ...]]:
    """Yield page after page. Raises Unreachable when the service leads in circles; what came before stays good.

    With `none`, a 404 on the first page means that there is nothing; otherwise it is raised.
    """
    seen: set[str] = set()
    token, empty = "", 0
    for _ in range(_MOST_PAGES):
        try:
            value = session.get_json(name, f"a page of {name}", query=[*query, ("continuationToken", token)])
        except NotFound:
            if token or not none:
                raise
            return
        rows, token = read(value)
        if rows:
            yield rows
        empty = 0 if rows else empty + 1
        if not token:
            return
        if token in seen or empty > _MOST_EMPTY_PAGES:
            break
        seen.add(token)
    raise loose.unreadable(f"pages of {name} that come to an end")
