"""The calls about suggestions: audiences and keywords that the service thinks of for a record.

What a suggestion costs is not known, so that asking for one is never repeated by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.model import Suggestions
from sync.service import loose
from sync.service.loose import find, items, opened, text, thing, things

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sync.model import RecordKey
    from sync.service.body import Json
    from sync.service.session import Session


class Suggesting:
    """Reached as `service.suggestions`. Suggestions come in the language of the record.

    NotFound is raised as it comes: nobody knows that it means that there are none.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def audiences(
        self, record: RecordKey, name: str, keywords: Sequence[str] = (), *, afresh: bool = False
    ) -> Suggestions:
        """Ask for audiences, by the record's name and keywords; `afresh` for others than the last time."""
        return self._ask("suggested-audiences", record, (name, *keywords), afresh=afresh)

    def choose_audience(self, record: RecordKey, name: str, audience: str) -> None:
        """Tell the service which audience was chosen; `name` is the record's."""
        content = {**_place(record), "text": [name], "selected": audience}
        self._session.write("choose-audience", body=content, language=record.language)

    def keywords(self, record: RecordKey, texts: Sequence[str], *, afresh: bool = False) -> Suggestions:
        """Ask for keywords that go with `texts`: the record's name, and keywords it has; `afresh` for others."""
        return self._ask("suggested-keywords", record, tuple(texts), afresh=afresh)

    def choose_keywords(self, record: RecordKey, text: str, keywords: Sequence[str]) -> None:
        """Tell the service which keywords were chosen of those suggested for `text`."""
        content = {**_place(record), "text": text, "selected": list(keywords)}
        self._session.write("choose-keywords", body=content, language=record.language)

    def _ask(self, name: str, record: RecordKey, texts: tuple[str, ...], *, afresh: bool) -> Suggestions:
        query = [("storeId", record.store), ("type", record.type), ("recordId", record.record_id)]
        query += [(f"Text[{place}]", one) for place, one in enumerate(one for one in texts if one.strip())]
        query += [("clearAllText", "true")] if afresh else []
        return suggestions(self._session.get_json(name, "suggestions", query=query, language=record.language))


def _place(record: RecordKey) -> Json:
    return {"storeId": record.store, "type": record.type, "recordId": record.record_id}


def suggestions(value: object) -> Suggestions:
    """Read suggestions: `values[]`, or `texts[]` of `{text, values}`; and those that were `selected`."""
    data = opened(value)
    if not isinstance(data, dict):
        return Suggestions(_words(data))
    by_text: dict[str, tuple[str, ...]] = {}
    for entry in things(find(data, "texts")):
        name = text(find(entry, "text", "name"))
        by_text[name] = tuple(dict.fromkeys((*by_text.get(name, ()), *_words(find(entry, "values")))))
    plain = [*_words(find(data, "values")), *loose.texts(find(data, "texts"))]
    every = dict.fromkeys((*plain, *(one for many in by_text.values() for one in many)))
    return Suggestions(tuple(every), _words(find(data, "selected")), by_text)


def _words(value: object) -> tuple[str, ...]:
    """Read words, also where each is the `value`, `text` or `name` of an object."""
    found = (text(one) or text(find(thing(one), "value", "text", "name")) for one in items(value))
    return tuple(dict.fromkeys(one for one in found if one))
