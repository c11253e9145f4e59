"""Records as the workbook holds them: keys, inputs, wanted texts, and the user's standing decisions."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sync.model.cells import Problem

PRODUCT = "Product"
CATEGORY = "Category"
IMAGE = "Image"
"""An image is addressed as a record is, so that its alt text is one more text; its id is the image id."""

ALT_TEXT = "alt text"

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


class Attribute(NamedTuple):
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
    semantic_keywords: tuple[str, ...] = ()
    """Related words that may stand in a text beside the keywords."""
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
    images: tuple[str, ...] = ()
    """Ids of images that may be looked at when texts are made."""
    shows: str = ""
    """Of an image: the id of the record that it shows."""
    picture: str = ""
    """Of an image: where it is to be had, as the workbook says it."""


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
    KEYWORDS = "Keywords"
    SKIP = "Skip"


IMAGE_ACTIONS = frozenset(Action) - {Action.DECIDE, Action.REWRITE, Action.ARCHIVE, Action.KEYWORDS}
"""What can be done with an alt text: the service rewrites none, archives no image, and finds no keywords for one."""

ONCE = frozenset(Action) - {Action.DECIDE, Action.SKIP}
"""The Actions that are done once: left standing, they would be done, and some of them paid for, again."""


class Search(NamedTuple):
    """How the keywords of a record are looked for, and what stands in its cell for them now."""

    cell: str = ""
    country: str = ""
    """The market, as two letters; empty: the service decides."""
    clusters: int | None = None
    """Groups of keywords wanted; None: the service decides."""
    flag_for_rewrite: bool = False
    """Whether the service may mark the record for a rewrite."""


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
    search: Search = field(default_factory=Search)
    shown: RecordKey | None = None
    """Of an image: the record that it shows, whose keywords its alt text is made with."""


@dataclass(frozen=True, slots=True)
class Picture:
    """An image as the workbook names it. It has to be on the service before anything is made of it.

    One of `url` and `file` is given; a file is named as the workbook does, relative to it.
    """

    store: str
    image_id: str
    url: str = ""
    file: str = ""
    where: str = ""
    """The cell that says so, as people look it up."""

    @property
    def source(self) -> str:
        """Give what stands in the cell."""
        return self.url or self.file


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
    keywords_first: bool = False
    """Whether keywords are looked for before texts are made, where there are none."""


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook as read: its records in the order of the rows, its policies, and every problem found."""

    workbook_id: str
    records: Sequence[Record]
    """Images come after all others. They may be made anew whenever they are looked at: equal, but not the same."""
    policies: Policies
    problems: tuple[Problem, ...]
    sha256: str
    """Of the file's bytes when it was read."""
    pictures: Mapping[tuple[str, str], Picture] = field(default_factory=dict)
    """Every image that can be used, by store and image id."""

    @property
    def images(self) -> int:
        """How many of the records are images."""
        return sum(1 for _ in takewhile(lambda record: record.key.type == IMAGE, reversed(self.records)))
