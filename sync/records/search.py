"""How keywords are looked for: what Settings and rows say about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.model import Search
from sync.records import values
from sync.records.problems import Flaw

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sync.records.rows import Rows
    from sync.records.settings import Settings


def readers() -> dict[str, Callable[[str], object]]:
    """Give what reads a cell of each input that stands on Settings and may stand in a column, by field."""
    return {"keyword_country": country, "keyword_clusters": clusters}


def country(text: str) -> str | Flaw:
    """Read one country, or none."""
    found = values.countries(text)
    if isinstance(found, Flaw):
        return found
    if len(found) > 1:
        return Flaw("several-countries", text, "Keywords are looked for in one market.", "Keep one country.")
    return found[0] if found else ""


def clusters(text: str) -> int | Flaw:
    """Read a number of groups of keywords; `(none)` is 0: the service decides."""
    if values.is_nothing(text):
        return 0
    value = values.amount(text, "The number of keyword clusters", whole=True)
    return value if isinstance(value, Flaw) else int(value)


def searches(
    rows: Rows, settings: Settings, cells: Sequence[str] | None, sound: Sequence[int], countries: Sequence[object]
) -> list[Search]:
    """Say of each row that can be used how its keywords are looked for; `cells` is the column Keywords, if any.

    `countries` are those that each of these records is sold in: the first of them is searched, unless something else
    is said.
    """
    own_country, own_clusters = rows.own.get("keyword_country"), rows.own.get("keyword_clusters")
    known: dict[Search, Search] = {}

    def found() -> Iterator[Search]:
        for at, sold_in in zip(sound, countries, strict=True):
            market = own_country[at] if own_country and own_country[at] is not None else settings.keyword_country
            groups = own_clusters[at] if own_clusters and own_clusters[at] is not None else settings.keyword_clusters
            first = next(iter(sold_in), "") if isinstance(sold_in, tuple) else ""
            one = Search(cells[at] if cells else "", market or first, groups or None, settings.flag_for_rewrite)
            yield known.setdefault(one, one)

    return list(found())
