"""The nouns of wtsync: small frozen values that every other module speaks in.

Nothing here reads, writes, asks or decides. The words are those of `docs/architecture.md`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

PRODUCT = "Product"
CATEGORY = "Category"

PRODUCT_TEXTS = ("page title", "page description", "product description", "excerpt", "open graph text")
CATEGORY_TEXTS = (
    "category page title",
    "category page description",
    "category description",
    "category open graph text",
)
TEXT_TYPES = {PRODUCT: PRODUCT_TEXTS, CATEGORY: CATEGORY_TEXTS}
"""Text types by record type, as the vendor's own WordPress client sends them."""

SIZED_TEXTS = ("product description", "excerpt", "category description")
"""Text types that take a target length in words, and whose price depends on it."""


# --------------------------------------------------------------------- where things stand


def column_letters(column: int) -> str:
    """Name a column (1-based) as Excel does: 1 is A, 27 is AA."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """One cell: sheet name, row and column, both counted from 1."""

    sheet: str
    row: int
    column: int

    def __str__(self) -> str:
        """Give the address as a person would look it up: `Records!B7`."""
        return f"{self.sheet}!{column_letters(self.column)}{self.row}"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the workbook that has to be put right.

    `where` is a cell address (`Records!B7`) or, for what concerns more than a cell, a sheet or a range.
    `kind` is a stable word for programs (`duplicate-id`); `what` and `remedy` are for people.
    A `warning` is shown and stops nothing.
    """

    where: str
    kind: str
    value: str
    what: str
    remedy: str
    warning: bool = False


# ------------------------------------------------------------------------------- records


@dataclass(frozen=True, slots=True, order=True)
class RecordKey:
    """The address of a record on the service. Never a row number."""

    store: str
    type: str
    record_id: str
    language: str


@dataclass(frozen=True, slots=True, order=True)
class TextKey:
    """The address of one text: a record and a text type (`page title`)."""

    record: RecordKey
    text_type: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """One text that the workbook asks for; word limits are None where the type has none or none are set."""

    text_type: str
    min_words: int | None = None
    max_words: int | None = None


@dataclass(frozen=True, slots=True)
class Attribute:
    """A property of the product, with one value or several, in the order of the workbook."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything of a record that shapes its texts, settings already merged in.

    `tones`, `style`, `audiences` and `formal_language` hold ids of the service, not the names shown.
    """

    name: str = ""
    sku: str = ""
    url: str = ""
    keywords: tuple[str, ...] = ()
    tones: tuple[str, ...] = ()
    style: str = ""
    audiences: tuple[str, ...] = ()
    custom_tone: str = ""
    custom_style: str = ""
    custom_audience: str = ""
    formal_language: str = ""
    other_details: str = ""
    special_instructions: str = ""
    countries: tuple[str, ...] = ()
    attributes: tuple[Attribute, ...] = ()


class Action(StrEnum):
    """What the Action column may say. Blank (`DECIDE`) leaves the decision to the comparison."""

    DECIDE = ""
    GENERATE = "Generate"
    REGENERATE = "Regenerate"
    PULL = "Pull"
    SKIP = "Skip"


@dataclass(frozen=True, slots=True)
class Record:
    """One row of the Records sheet, read, checked and merged with the settings.

    `texts` holds what stands in the text columns now, by text type; an empty cell is an empty string.
    `row` is where the record stood when the workbook was read: good for messages, never for writing.
    """

    key: RecordKey
    row: int
    action: Action
    inputs: Inputs
    wanted: tuple[Wanted, ...]
    texts: Mapping[str, str]


class EmptiedCell(StrEnum):
    """What to do when somebody empties a cell whose text the service still holds."""

    RESTORE = "restore"
    REGENERATE = "regenerate"
    LEAVE = "leave"


class ChangedInputs(StrEnum):
    """What to do with a text whose inputs changed after it was generated."""

    NOTE = "note"
    REGENERATE = "regenerate"


@dataclass(frozen=True, slots=True)
class Policies:
    """The user's standing decisions, from the Settings sheet."""

    emptied_cell: EmptiedCell = EmptiedCell.RESTORE
    changed_inputs: ChangedInputs = ChangedInputs.NOTE
    budget: float | None = None
    """Credits that one run may cost at most; None is no limit."""
    most_records: int | None = None
    """Records that one run may send at most; None is no limit."""


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook as read: its records in the order of the rows, its policies, and every problem found."""

    workbook_id: str
    records: tuple[Record, ...]
    policies: Policies
    problems: tuple[Problem, ...]
    sha256: str
    """Of the file's bytes when it was read."""


# --------------------------------------------------------------------- what the service knows


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a reference list (tone, style, audience ...). `id` is sent, `name` is shown."""

    id: str
    name: str
    default: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """The service's limits. None: the service names no such limit. Lengths in characters."""

    max_name_length: int | None = None
    max_custom_tone_length: int | None = None
    max_custom_style_length: int | None = None
    max_custom_audience_length: int | None = None
    max_other_details_length: int | None = None
    max_attributes: int | None = None
    max_attribute_value_length: int | None = None
    max_keywords: int | None = None
    max_keyword_length: int | None = None
    min_output_words: int | None = None
    max_output_words: int | None = None


@dataclass(frozen=True, slots=True)
class PriceList:
    """Credits: `generation` per text, `tier` per started `words_per_credit` words, both by text type."""

    generation: Mapping[str, float] = field(default_factory=dict)
    tier: Mapping[str, float] = field(default_factory=dict)
    words_per_credit: int = 300


@dataclass(frozen=True, slots=True)
class Combination:
    """Choices that the service refuses together: pairs of list name (`Tone`) and id."""

    members: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """The service's lists and limits, as the account offers them."""

    rules: Rules
    tones: tuple[Choice, ...]
    styles: tuple[Choice, ...]
    audiences: tuple[Choice, ...]
    formal_languages: tuple[Choice, ...] = ()
    formal_support: tuple[str, ...] = ()
    """Two-letter language codes in which formal and informal differ."""
    disallowed: tuple[Combination, ...] = ()
    prices: PriceList = field(default_factory=PriceList)


@dataclass(frozen=True, slots=True)
class Balance:
    """The account's credits. `available` is what can be spent now."""

    available: float
    total: float | None = None
    premium: bool | None = None
    membership: str = ""


@dataclass(frozen=True, slots=True)
class RemoteText:
    """A text that the service holds. `value` is exactly what it sent; `text_id` is the service's own id."""

    key: TextKey
    text_id: str
    value: str


class RequestState(StrEnum):
    """The status of a request on the service. Anything it says that we do not know is `OTHER`."""

    PENDING = "Pending"
    RUNNING = "Running"
    COMPLETED = "Completed"
    CANCELLING = "Cancelling"
    CANCELLED = "Cancelled"
    TIMED_OUT = "TimedOut"
    FAILED = "Failed"
    OTHER = "?"


@dataclass(frozen=True, slots=True)
class RequestDetails:
    """One bulk request as the service reports it. Ids are record ids; order means nothing.

    `completed` counts what was processed, whether it succeeded or failed: the successes are
    `completed - failed`. Times are the service's own strings.
    """

    request_id: str
    state: RequestState
    raw_state: str
    type: str
    store: str
    language: str
    queued: frozenset[str]
    running: frozenset[str]
    completed: frozenset[str]
    failed: frozenset[str]
    total: int | None = None
    estimated_end: float | None = None
    """Seconds since 1970, UTC, by the service's clock."""
    user: str = ""

    @property
    def records(self) -> frozenset[str]:
        """Every record id that the request names."""
        return self.queued | self.running | self.completed | self.failed

    @property
    def finished(self) -> bool:
        """Whether nothing more will come of it, as far as the service says."""
        ended = {RequestState.COMPLETED, RequestState.CANCELLED, RequestState.FAILED}
        if self.state in ended:
            return True
        return bool(self.total) and len(self.completed | self.failed) >= (self.total or 0)


@dataclass(frozen=True, slots=True)
class RemoteState:
    """What the service holds for our records: current texts, and which records are in an active request."""

    texts: Mapping[TextKey, RemoteText] = field(default_factory=dict)
    active: Mapping[RecordKey, str] = field(default_factory=dict)
    """Record to request id, for requests that are pending, running or being cancelled."""


# -------------------------------------------------------------------- what was agreed before


class Origin(StrEnum):
    """Where the agreed value of a text came from."""

    GENERATED = "generated"
    PULLED = "pulled"
    ADOPTED = "adopted"


@dataclass(frozen=True, slots=True)
class Base:
    """What workbook and service last agreed on for one text. `value` is as the cell holds it."""

    value: str
    text_id: str
    input_digest: str
    origin: Origin
    simulated: bool = False


# -------------------------------------------------------------------------------- the plan


class Kind(StrEnum):
    """What a run would do for one text, or why it does nothing."""

    GENERATE = "generate"
    PULL = "pull"
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


DOING = frozenset({Kind.GENERATE, Kind.PULL, Kind.DELIVER, Kind.FOLLOW})
"""The kinds that a run carries out; the others are notes, or nothing."""


@dataclass(frozen=True, slots=True)
class Price:
    """Credits as a range: the price of a text depends on its length, which only the service decides."""

    min: float = 0.0
    max: float = 0.0

    def __add__(self, other: Price) -> Price:
        """Add two ranges."""
        return Price(self.min + other.min, self.max + other.max)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing a run would do for one text, or the reason why it does not.

    `was` is the cell as it stands; `now` is what would stand there, where that is known beforehand (a pull).
    """

    key: TextKey
    row: int
    kind: Kind
    reason: str
    was: str = ""
    now: str = ""
    text_id: str = ""
    request_id: str = ""
    """Of a request that somebody else started, where it is one to follow."""
    input_digest: str = ""
    price: Price = field(default_factory=Price)


@dataclass(frozen=True, slots=True)
class Plan:
    """All changes in the order of the workbook, with price and digest: shown before anything is sent."""

    changes: tuple[Change, ...]
    """What the run carries out."""
    notes: tuple[Change, ...]
    """What it leaves alone, each with its reason."""
    adopted: tuple[Change, ...]
    """Texts on which workbook and service agree already; only the journal learns of them."""
    counts: Mapping[str, int]
    """How many texts there are of each kind."""
    estimate: Price
    balance: Balance | None
    records: int
    """How many records the run would send."""
    digest: str


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
    unknown: Mapping[TextKey, str] = field(default_factory=dict)
    """Texts in a batch of which nobody can say whether the service has it: text to batch id."""
