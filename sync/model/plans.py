"""What was agreed before, what a run would do, and texts on their way into the workbook."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from sync.model.keywords import Searched
    from sync.model.records import RecordKey, TextKey
    from sync.model.service import Balance


class Origin(StrEnum):
    """Where the agreed value of a text came from."""

    __hash__ = str.__hash__  # an Enum's own is written in Python, and a plan asks for it millions of times

    GENERATED = "generated"
    PULLED = "pulled"
    ADOPTED = "adopted"
    PUSHED = "pushed"
    REVIEWED = "reviewed"
    PUBLISHED = "published"
    ARCHIVED = "archived"
    UNDONE = "undone"
    """Only of a delivery: the former text was put back on the service, and goes into the cell again."""
    KEYWORDS = "keywords"
    """Only of a delivery: keywords that were found, on their way into an empty cell; nothing is agreed by them."""
    NOTHING = "nothing"
    """Only of a delivery: the service made an empty text, so that the cell stays and nothing is agreed."""


BROUGHT = frozenset({Origin.GENERATED, Origin.PULLED})
"""Of a delivery: the text came from the service, so that writing it is what both sides then agree on."""


@dataclass(frozen=True, slots=True)
class Base:
    """What workbook and service last agreed on for one text. `value` is as the cell holds it, or UNSEEN.

    `run_id` and `at` (seconds since 1970) say who agreed and when; they are no part of what was agreed.
    """

    value: str
    text_id: str
    input_digest: str
    origin: Origin
    simulated: bool = False
    run_id: str = field(default="", compare=False)
    at: float = field(default=0.0, compare=False)


class Kind(StrEnum):
    """What a run would do for one text, or why it does nothing."""

    __hash__ = str.__hash__  # an Enum's own is written in Python, and a plan asks for it millions of times

    KEYWORDS = "keywords"
    GENERATE = "generate"
    PULL = "pull"
    PUSH = "push"
    REVIEW = "review"
    PUBLISH = "publish"
    ARCHIVE = "archive"
    DELIVER = "deliver"
    FOLLOW = "follow"
    UNCHANGED = "unchanged"
    ADOPT = "adopt"
    PROTECTED = "protected"
    STALE = "stale"
    EDITED = "edited"
    CONFLICT = "conflict"
    GONE = "gone"
    LEFT = "left"
    SKIPPED = "skipped"
    UNKNOWN = "unknown"


SENT_BACK = frozenset({Kind.PUSH, Kind.REVIEW, Kind.PUBLISH, Kind.ARCHIVE})
"""The kinds that change something on the service, cost nothing, and leave the cell as it is."""

DOING = frozenset({Kind.KEYWORDS, Kind.GENERATE, Kind.PULL, Kind.DELIVER, Kind.FOLLOW}) | SENT_BACK
"""The kinds that a run carries out; the others are notes, or nothing."""


class Price(NamedTuple):
    """Credits as a range: the price of a text depends on its length, which only the service decides."""

    min: float = 0.0
    max: float = 0.0

    def __add__(self, other: Price) -> Price:  # type: ignore[override]  # a tuple would join them
        """Add two ranges. Thirds of a request add up to the whole of it."""
        return Price(round(self.min + other.min, 6), round(self.max + other.max, 6))


class Together(NamedTuple):
    """What the alt texts of one product share: they are made, and paid for, a request at a time."""

    shows: str
    """The id of the product."""
    most: int
    """Images that one request may name."""
    price: float
    """Credits of one request."""


class Change(NamedTuple):
    """One thing a run would do for one text, or the reason why it does not.

    `was` is the cell as it stands; `now` is what would stand there, where that is known beforehand (a pull). Of what
    is sent back (`SENT_BACK`) it is the other side: `was` is the service's text, `now` the cell's.
    """

    key: TextKey
    row: int
    kind: Kind
    reason: str
    was: str = ""
    now: str = ""
    text_id: str = ""
    seen: str = ""
    """The id of the service's text when the plan was made, whatever is done about it; empty: there was none."""
    request_id: str = ""
    """Of a request that somebody else started, where it is one to follow."""
    input_digest: str = ""
    price: Price = Price()
    rewrite: bool = False
    """Of a text to be made: what stands in the cell is to be rewritten, not only looked at."""
    reference: str = ""
    """What it refers to besides its inputs; empty: nothing.

    Of a text to be made, the text of another record that it imitates. Of keywords to be looked for, the search that
    came before, as far as it is known and `text_id` does not name it: who agreed to the one has not agreed to the next.
    """
    seen_value: str = ""
    """The service's text with the id `seen`, as a cell holds it."""
    together: Together | None = None
    """Of an alt text to be made: what it is made with."""


@dataclass(frozen=True, slots=True)
class Spending:
    """What other work of the same account has taken from the credits, as far as this computer knows."""

    month: float = 0.0
    """What texts have cost in this calendar month (UTC)."""
    reserved: float = 0.0
    """What may still be charged at most for what is under way, or of which nobody can say."""


@dataclass(frozen=True, slots=True)
class Plan:
    """All changes in the order of the workbook, with price and digest: shown before anything is sent."""

    changes: Sequence[Change]
    """What the run carries out."""
    notes: Sequence[Change]
    """What it leaves alone, each with its reason."""
    adopted: Sequence[Change]
    """Texts on which workbook and service agree already; only the journal learns of them."""
    counts: Mapping[str, int]
    """How many texts there are of each kind."""
    estimate: Price
    balance: Balance | None
    records: int
    """How many records the run would send."""
    digest: str
    uploads: int = 0
    """How many images have to be uploaded first. That costs nothing."""
    taken_along: Collection[RecordKey] = ()
    """Records that are archived with others of the same id, in another store or language, although nobody said so."""

    def of(self, kind: Kind) -> Sequence[Change]:
        """Give the changes of one kind that the run carries out, in their order."""
        if all(change.kind is kind for change in self.changes):  # of a first plan it is all of them: not held twice
            return self.changes
        return tuple(change for change in self.changes if change.kind is kind)


@dataclass(frozen=True, slots=True)
class Lost:
    """A text that the user took for lost: by which batch, and what stood in its cell when it was ordered."""

    batch: str
    was: str = ""
    baseline: str = ""
    """What the service had of it just before it was ordered."""
    taken: bool = False
    """Whether the service had taken the order, before nobody could say what came of it."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A text on its way into the workbook. `value` is as the cell will hold it; `was` is the cell it was made for."""

    key: TextKey
    text_id: str
    value: str
    was: str
    input_digest: str
    origin: Origin
    run_id: str
    credits: float = 0.0


def _none_known(_: TextKey) -> Collection[str]:
    return ()


@dataclass(frozen=True, slots=True)
class Memory:
    """What the journal knows before a plan is made."""

    bases: Mapping[TextKey, Base] = field(default_factory=dict)
    waiting: Mapping[TextKey, Delivery] = field(default_factory=dict)
    """Texts that are in the journal and not yet in the workbook."""
    open: Mapping[TextKey, str] = field(default_factory=dict)
    """Texts in a batch that the service has taken: text to batch id."""
    elsewhere: Mapping[TextKey, str] = field(default_factory=dict)
    """Texts that a simulated run wrote into this workbook, where the service now is another one."""
    earlier: Callable[[TextKey], Collection[str]] = _none_known
    """Gives all that ever stood in a cell or on the service under a key, as far as the journal knows."""
    lost: Mapping[TextKey, Lost] = field(default_factory=dict)
    """Texts that the user took for lost."""
    forgotten: bool = False
    """The workbook had been worked on before this journal began: what it knows nothing of may have been made."""
    shared: bool = False
    """Somebody works on the workbook with another journal: a text made since what was agreed may be what is wished."""
    undone: Mapping[TextKey, str] = field(default_factory=dict)
    """Texts that the user had taken out of the workbook again, and their values."""
    archived: Collection[TextKey] = frozenset()
    """Texts whose record was archived, and nothing was made or fetched for them since."""
    unknown: Mapping[TextKey, str] = field(default_factory=dict)
    """Texts in a batch of which nobody can say whether the service has it: text to batch id."""
    searched: Mapping[RecordKey, Searched] = field(default_factory=dict)
    """The records whose keywords were ordered before, and may have been charged."""
