"""Records as the workbook holds them: keys, inputs, wanted texts, and the user's standing decisions."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sync.model.cells import Problem

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


class RecordKey(NamedTuple):
    """The address of a record on the service. Never a row number.

    A tuple, as `TextKey` is: a plan looks up half a million of them, and tuples are hashed and compared in C.
    """

    store: str
    type: str
    record_id: str
    language: str


class TextKey(NamedTuple):
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
class Representative:
    """A product that stands for its category. `description` is the text in its cell, and no input of the category."""

    record_id: str
    name: str
    description: str = field(default="", compare=False)


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
    reference_record: str = ""
    """The id of the record whose texts are imitated; tones, style and audiences are empty then."""
    representatives: tuple[Representative, ...] = ()
    """Of a category."""


class Action(StrEnum):
    """What the Action column may say. Blank (`DECIDE`) leaves the decision to the comparison."""

    __hash__ = str.__hash__  # an Enum's own is written in Python, and a plan asks for it millions of times

    DECIDE = ""
    GENERATE = "Generate"
    REGENERATE = "Regenerate"
    REWRITE = "Rewrite"
    PUSH = "Push"
    PULL = "Pull"
    REVIEW = "Review"
    PUBLISH = "Publish"
    ARCHIVE = "Archive"
    SKIP = "Skip"


ONCE = frozenset(Action) - {Action.DECIDE, Action.SKIP}
"""The Actions that are done once: left standing, they would be done, and some of them paid for, again."""


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
    patterns: Mapping[str, str] = field(default_factory=dict)
    """What stands in the cells of the record that this one imitates, by text type."""


class EmptiedCell(StrEnum):
    """What to do when somebody empties a cell whose text the service still holds."""

    RESTORE = "restore"
    REGENERATE = "regenerate"
    LEAVE = "leave"


class Side(StrEnum):
    """Whose text is to count where both sides changed it."""

    WORKBOOK = "workbook"
    SERVICE = "service"


class EditedCell(StrEnum):
    """What to do when somebody changed a text in the workbook and nobody changed it on the service."""

    PUSH = "push"
    KEEP = "keep"


class ChangedInputs(StrEnum):
    """What to do with a text whose inputs changed after it was generated."""

    NOTE = "note"
    REGENERATE = "regenerate"


@dataclass(frozen=True, slots=True)
class Policies:
    """The user's standing decisions, from the Settings sheet."""

    emptied_cell: EmptiedCell = EmptiedCell.RESTORE
    edited_cell: EditedCell = EditedCell.PUSH
    changed_inputs: ChangedInputs = ChangedInputs.NOTE
    budget: float | None = None
    """Credits that one run may cost at most; None is no limit."""
    most_records: int | None = None
    """Records that one run may send at most; None is no limit."""
    budget_month: float | None = None
    """Credits that all runs of a calendar month (UTC) may cost at most; None is no limit."""


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook as read: its records in the order of the rows, its policies, and every problem found."""

    workbook_id: str
    records: tuple[Record, ...]
    policies: Policies
    problems: tuple[Problem, ...]
    sha256: str
    """Of the file's bytes when it was read."""
