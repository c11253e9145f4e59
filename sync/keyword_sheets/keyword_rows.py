"""The rows of the sheet Keywords: one for each keyword of a record, those that need a person first."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sync.keyword_sheets.facts import of_record
from sync.keyword_sheets.texts import as_read, stands_in
from sync.sheets.table import Table
from sync.sheets.values import Tone, Toned, fold, told, words
from sync.workbook.layout_keywords import KEYWORD_HEADINGS, KEYWORDS, OF_RECORD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sync.keyword_sheets.facts import Found
    from sync.keyword_sheets.targets import Targets
    from sync.model import Keyword
    from sync.sheets.table import Row
    from sync.sheets.values import Value

KEY = (*OF_RECORD, "Keyword")
DUPLICATE = "several records aim at this keyword"
FALLEN = 5
"""Places that a page may fall before somebody should look."""
_MISSING = Toned("no", Tone.WARN)
_WRITTEN = frozenset({"generated", "published"})
_DIFFICULTIES = {name: place for place, name in enumerate(("low", "lowmid", "mid", "midhigh", "high"))}
_DIFFICULTIES["medium"] = _DIFFICULTIES["mid"]


def keyword_table(found: Iterable[Found], targets: Targets) -> Table:
    """Give the sheet: who needs a person first, then search volume falling, then difficulty rising."""
    rows = [row for one in found if one.now is not None for row in _rows(one, targets)]
    return Table(KEYWORDS, KEYWORD_HEADINGS, KEY, sorted(rows, key=_order))


def _rows(found: Found, targets: Targets) -> Iterator[Row]:
    read = [as_read(text) for text in found.record.texts.values() if text.strip()]
    before = {fold(one.keyword): one.rank for one in (found.before.keywords if found.before else ())}
    known, aims = of_record(found), frozenset(found.aims())
    for group in _gathered(found.now.keywords if found.now else ()):
        cells = _cells(found, group, targets, read, before.get(group.folded))
        yield known | cells | _needed(cells, aimed=group.folded in aims)


class _Group(NamedTuple):
    """The entries of one keyword: the service may name it once in each cluster."""

    folded: str
    entries: Sequence[Keyword]

    def joined(self, name: str) -> str:
        return "; ".join(dict.fromkeys(text for one in self.entries if (text := getattr(one, name))))

    def first(self, name: str) -> int | None:
        return next((value for one in self.entries if (value := getattr(one, name)) is not None), None)


def _gathered(keywords: Iterable[Keyword]) -> list[_Group]:
    groups: dict[str, list[Keyword]] = {}
    for one in keywords:
        if folded := fold(one.keyword):
            groups.setdefault(folded, []).append(one)
    return [_Group(folded, entries) for folded, entries in groups.items()]


def _cells(found: Found, group: _Group, targets: Targets, read: Sequence[str], before: int | None) -> dict[str, Value]:
    rank, state = group.first("rank"), group.joined("state")
    change = before - rank if rank is not None and before is not None else None
    others = targets.named(found, group.folded)
    inside = stands_in(group.folded, read) if read else None
    missing = inside is False and not _WRITTEN.isdisjoint(fold(state).split("; "))
    return {
        "Keyword": group.entries[0].keyword,
        "Search volume": group.first("volume"),
        "Difficulty": group.joined("difficulty"),
        "Intent": group.joined("intent"),
        "Rank now": rank,
        "Rank before": before,
        "Change": change,
        "State": _state(state),
        "In current text?": _inside(inside=inside, missing=missing),
        "Also targeted by": Toned(others, Tone.WARN) if others else None,
        "Group": group.joined("group"),
        "Cluster": group.joined("cluster"),
        "Pipeline": group.joined("pipeline_id"),
        "Level": group.joined("level"),
        "Data as of": told(group.joined("as_of")),
    }


def _needed(cells: Mapping[str, Value], *, aimed: bool) -> dict[str, Value]:
    """Say why somebody should look; that a page fell only where it aims at the keyword: ranks of the others wander."""
    change, missing = cells["Change"], cells["In current text?"] == _MISSING
    reasons = [
        DUPLICATE if cells["Also targeted by"] else "",
        f"fell by {-change:g} places" if aimed and isinstance(change, int | float) and change <= -FALLEN else "",
        "not in the text, though the service says so" if missing else "",
    ]
    needed = "; ".join(filter(None, reasons))
    return {"Needs a person": Toned(needed, Tone.WARN) if needed else None}


def _state(state: str) -> Value:
    return Toned(state, Tone.GOOD) if fold(state) == "published" else state


def _inside(*, inside: bool | None, missing: bool) -> Value:
    if inside is None:
        return None
    if inside:
        return Toned("yes", Tone.GOOD)
    return _MISSING if missing else "no"


def _order(row: Row) -> tuple[object, ...]:
    volume = row["Search volume"]
    return (
        not words(row["Needs a person"]),
        volume is None,
        -volume if isinstance(volume, int | float) else 0,
        difficulty(words(row["Difficulty"])),
        words(row["Record ID"]),
        words(row["Keyword"]),
    )


def difficulty(text: str) -> tuple[int, float, str]:
    """Order what the service says of difficulty: numbers, then the words we know, then others, then nothing."""
    folded = "".join(char for char in text.casefold() if char.isalnum() or char == ".")
    try:
        return 0, float(folded), ""
    except ValueError:
        known = _DIFFICULTIES.get(folded)
        return (1, known, "") if known is not None else (2 + (not folded), 0.0, folded)
