"""The keyword optimizations that there are, and how they look at a moment. Nothing here is changed by looking.

An optimization waits for one of as many places as records are worked on at once, and is then worked on for a while;
both is settled when it is taken, so that its state follows from the clock. What it found follows from what it was
given.
The forms of all answers are assumed: none is documented.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from sync.simulator.keyword_words import DAY, drawn, idea, ideas, rank_on
from sync.simulator.shelf import TRANSFERRED
from sync.simulator.wire import Fields, Json, Refusal, bare, instant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sync.simulator.keyword_words import Idea
    from sync.simulator.shelf import Shelf

DEFAULT_CLUSTERS, MOST_CLUSTERS = 2, 10
TOP = 10
"""The rank from which a pipeline moves on to its next keyword."""
FAR = 20
"""The rank beyond which a trigger without a condition flags."""
MANUAL = "Manual"


class Place(NamedTuple):
    """What keywords are of: a record in one store and language (two letters)."""

    type: str
    store_id: str
    language: str
    record_id: str


@dataclass
class Line:
    """A pipeline as people left it: its id and title, keywords of its own, and what was done to it."""

    id: str
    title: str = ""
    keywords: list[str] | None = None
    """None: those that the analysis found."""
    locked_at: str | None = None
    """The keyword at which it was locked."""
    deleted: bool = False
    triggers: list[Json] = field(default_factory=list)
    snapshot_id: str = ""


@dataclass
class Optimization:
    """One optimization. Times in seconds since the epoch; `ends` is when it is, or was, done."""

    place: Place
    name: str = ""
    country: str = ""
    seeds: list[str] = field(default_factory=list)
    clusters: int = DEFAULT_CLUSTERS
    accepted: float = 0.0
    begins: float = 0.0
    ends: float = 0.0
    fails: bool = False
    starts: int = 1
    chosen: list[str] | None = None
    forgets_ranking: bool = False
    ranks: dict[str, int] = field(default_factory=dict)
    """Ranks that a test has set."""
    refreshed: float = 0.0
    """When its figures were last looked at anew without an order."""
    lines: dict[str, Line] = field(default_factory=dict)

    def status(self, now: float) -> str:
        """Give the service's word for how far it is."""
        if not self.starts:
            return MANUAL
        if now < self.begins:
            return "Pending"
        if now < self.ends:
            return "InProgress"
        return "Failed" if self.fails else "Completed"

    def changed(self, now: float) -> float:
        """Give the time of its latest step."""
        return max(
            one for one in (self.accepted, self.begins, self.ends, self.refreshed) if one <= max(now, self.accepted)
        )


@dataclass
class Board:
    """All optimizations, the keywords that people typed, and the snapshots (by place and id)."""

    seed: int = 0
    optimizations: dict[Place, Optimization] = field(default_factory=dict)
    manual: dict[Place, list[str]] = field(default_factory=dict)
    snapshots: dict[tuple[Place, str], Json] = field(default_factory=dict)

    def find(self, place: Place) -> Optimization:
        """Return an optimization, or raise Refusal (404)."""
        found = self.optimizations.get(place)
        if found is None:
            raise Refusal(404, f"There are no keywords of {place.record_id[:80]!r}")
        return found

    def line(self, place: Place, identity: str) -> Line:
        """Return a pipeline, or raise Refusal (404)."""
        one = self.find(place)
        found = one.lines.get(identity)
        if found is None:
            raise Refusal(404, f"There is no pipeline {identity[:80]!r}")
        return found

    def free_at(self, capacity: int, now: float) -> float:
        """Give the moment from which another optimization can be worked on."""
        busy = sorted(one.ends for one in self.optimizations.values() if one.ends > now)
        return now if len(busy) < capacity else busy[-capacity]


def place_of(given: Fields) -> Place:
    """Read which record a call is about; raises Refusal (400)."""
    kind = given.need("type").capitalize()
    if kind not in {"Product", "Category"}:
        raise given.refuse("type must be Product or Category")
    language = (given.text("languageCode") or "en").partition("-")[0].lower()
    return Place(kind, given.text("storeId") or "default", language, given.need("recordId"))


def ideas_of(board: Board, one: Optimization) -> list[Idea]:
    """Give what an optimization found, and what people typed for it."""
    found = ideas(board.seed, one.place.language, one.country, one.name, one.seeds) if one.starts else []
    known = {each.keyword for each in found}
    own = [word for line in one.lines.values() for word in line.keywords or ()]
    typed = dict.fromkeys((*board.manual.get(one.place, ()), *own))
    return [*found, *(idea(board.seed, one.country, word) for word in typed if word not in known)]


def keywords_in(one: Optimization, line: Line, found: list[Idea]) -> list[Idea]:
    """Give the keywords of a pipeline, in the order in which the page moves through them."""
    by_word = {each.keyword: each for each in found}
    if line.keywords is not None:
        return [by_word[word] for word in line.keywords if word in by_word]
    analysed = [identity for identity, each in one.lines.items() if each.keywords is None]
    at = analysed.index(line.id)
    return [each for number, each in enumerate(found) if number % max(1, len(analysed)) == at]


@dataclass
class Look:
    """An optimization at a moment, with the texts that there are of its record."""

    board: Board
    one: Optimization
    shelf: Shelf
    now: float

    def __post_init__(self) -> None:
        self.done = self.one.status(self.now) in {"Completed", MANUAL}
        self.found = ideas_of(self.board, self.one) if self.done else []
        self.day = max(0, int((self.now - self.one.ends) // DAY))
        self.texts = list(self._texts())

    def _texts(self) -> Iterator[tuple[str, float | None]]:
        """Give each current text of the record, bare and in lower case, and when it was published."""
        place = self.one.place
        for key in self.shelf.by_record.get((place.type, place.record_id), ()):
            if key.store_id == place.store_id and key.language.partition("-")[0].lower() == place.language:
                text = self.shelf.texts[key][-1]
                published = [one.time for one in text.actions if one.action == TRANSFERRED]
                yield " ".join(bare(text.value).lower().split()), published[-1] if published else None

    def state(self, keyword: str) -> str:
        """Tell how far a keyword is: waiting for a text, in one, or in one that is published."""
        holding = [published for text, published in self.texts if keyword in text]
        if any(published is not None for published in holding):
            return "Published"
        return "Generated" if holding else "ForGeneration"

    def rank(self, each: Idea) -> int | None:
        """Give today's rank of a keyword."""
        if each.keyword in self.one.ranks:
            return self.one.ranks[each.keyword]
        dates = [published for text, published in self.texts if published is not None and each.keyword in text]
        days = int((self.now - min(dates)) // DAY) if dates else 0
        return rank_on(each, self.board.seed, self.day, days)

    def current(self, line: Line) -> Idea | None:
        """Give the keyword that a pipeline is at: the first that does not rank well yet."""
        words = keywords_in(self.one, line, self.found)
        if line.locked_at is not None:
            return next((one for one in words if one.keyword == line.locked_at), words[0] if words else None)
        behind = (one for one in words if (rank := self.rank(one)) is None or rank > TOP)
        return next(behind, words[-1] if words else None)

    def keyword(self, each: Idea, group: str) -> Json:
        """Show one keyword; figures that nobody knows are left out."""
        figures = {"intent": each.intent or None, "searchVolume": each.volume, "rank": self.rank(each)}
        return {
            "keyword": each.keyword,
            "group": group,
            "level": each.level,
            "difficulty": each.difficulty,
            "asOf": instant(self.one.ends + self.day * DAY),
            "state": self.state(each.keyword),
            **{name: value for name, value in figures.items() if value is not None},
        }

    def group(self, each: Idea, used: set[str]) -> str:
        """Tell why a keyword is there."""
        if each.keyword in used:
            return "chosen"
        if each.keyword in self.board.manual.get(self.one.place, ()):
            return "manual"
        rank = self.rank(each)
        if rank is not None and rank <= FAR:
            return "ranking"
        return "competitor" if drawn(each.keyword) % 4 == 0 else "suggested"

    def lines(self) -> list[Json]:
        """Show the pipelines."""
        return [self.pipeline(line) for line in self.one.lines.values()] if self.done else []

    def pipeline(self, line: Line) -> Json:
        """Show one pipeline."""
        words, at = keywords_in(self.one, line, self.found), self.current(line)
        used = {at.keyword} if at else set()
        return {
            "pipelineId": line.id,
            "title": line.title,
            "level": at.level if at else None,
            "keyword": at.keyword if at else None,
            "rank": self.rank(at) if at else None,
            "locked": line.locked_at is not None,
            "deleted": line.deleted,
            "triggers": line.triggers,
            "flaggedForRewrite": any(self.flags(trigger, at) for trigger in line.triggers),
            "snapshotId": line.snapshot_id or None,
            "keywords": [self.keyword(each, self.group(each, used)) for each in words],
        }

    def flags(self, trigger: Json, at: Idea | None) -> bool:
        """Tell whether the condition of a trigger is met."""
        option, value = str(trigger.get("option", "")).lower(), str(trigger.get("value", ""))
        limit = int(value) if value.isdigit() else FAR
        if "day" in option or "time" in option:
            return self.day >= limit
        rank = self.rank(at) if at else None
        return rank is not None and rank > limit

    def whole(self) -> Json:
        """Show everything."""
        lines = self.lines()
        used = set(self.one.chosen or ()) or {line["keyword"] for line in lines if not line["deleted"]}
        within = {word["keyword"] for line in lines for word in line["keywords"]}
        groups = [(each, self.group(each, used)) for each in self.found if each.keyword not in within]
        kept = [(each, group) for each, group in groups if group != "ranking" or not self.one.forgets_ranking]
        return {
            **entry(self.one, self.now),
            "keywords": [self.keyword(each, group) for each, group in kept],
            "pipelines": lines,
        }


def entry(one: Optimization, now: float) -> Json:
    """Show one optimization as the list does."""
    status = one.status(now)
    failed = {"error": "The analysis found no data for this record"} if status == "Failed" else {}
    return {
        "recordId": one.place.record_id,
        "type": one.place.type,
        "storeId": one.place.store_id,
        "languageCode": one.place.language,
        "status": status,
        "startedAt": instant(one.accepted),
        "updatedAt": instant(one.changed(now)),
        **failed,
    }


def document(board: Board) -> Json:
    """Write everything that must survive."""
    return {
        "optimizations": [asdict(one) for one in board.optimizations.values()],
        "manualKeywords": [[list(place), words] for place, words in board.manual.items()],
        "snapshots": [[list(place), identity, taken] for (place, identity), taken in board.snapshots.items()],
    }


def restore(board: Board, document: Json) -> None:
    """Take over what a document holds."""
    for given in document.get("optimizations", []):
        lines = {name: Line(**line) for name, line in given["lines"].items()}
        one = Optimization(**{**given, "place": Place(*given["place"]), "lines": lines})
        board.optimizations[one.place] = one
    board.manual = {Place(*place): list(words) for place, words in document.get("manualKeywords", [])}
    board.snapshots = {(Place(*place), name): taken for place, name, taken in document.get("snapshots", [])}
