"""The layout of the workbook: its sheets, headings and settings, and how a heading is recognised.

This is the one place that knows the names. Headings and settings are compared without regard to case, spaces and
punctuation, in any order.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from sync.model import ALT_TEXT, CATEGORY_TEXTS, ON_PURPOSE, PRODUCT, PRODUCT_TEXTS, SIZED_TEXTS, TEXT_TYPES
from sync.workbook.layout_keywords import KEYWORD_SHEETS
from sync.workbook.layout_reviews import REVIEW_SHEETS
from sync.workbook.layout_suggestions import SUGGESTION_SHEETS

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "ADDED_SHEETS", "CATEGORY_TEXTS", "CONFLICTS", "CONFLICT_HEADINGS", "DEFAULT_WORDS", "HEADINGS",
    "IGNORED_HEADINGS", "IMAGES", "IMAGE_HEADINGS", "LISTS", "NO", "NOTHING", "PLAN", "PLAN_HEADINGS", "PRODUCT_TEXTS",
    "RECORDS", "SETTINGS", "SETTINGS_ROWS", "SIZED_TEXTS", "START", "SYNC", "TEXT_TYPES", "YES", "Heading", "Role",
    "Setting", "column_names", "folded", "heading_for", "image_heading_for", "near_miss", "setting_for",
    "words_field",
]  # fmt: skip

START, SETTINGS, RECORDS, IMAGES, LISTS, SYNC = "Start here", "Settings", "Records", "Images", "Lists", "_sync"
PLAN = "Plan"
PLAN_HEADINGS = (
    "Approved", "Record ID", "Type", "Store", "Language", "Name", "Text", "What", "Now", "Would be", "Why",
    "Credits from", "Credits to", "Done", "Plan id",
)  # fmt: skip
"""What the first row of the sheet says on which a plan is approved."""

CONFLICTS = "Conflicts"
CONFLICT_HEADINGS = (
    "Record ID", "Name", "Text", "In the workbook", "On the service", "Last agreed", "What to do",
    "Type, store and language",
)  # fmt: skip
"""What the first row says of the sheet with the texts that differ here and on the service."""

ADDED_SHEETS = {
    PLAN: PLAN_HEADINGS, CONFLICTS: CONFLICT_HEADINGS, **KEYWORD_SHEETS, **REVIEW_SHEETS, **SUGGESTION_SHEETS,
}  # fmt: skip
"""The sheets that we add to a workbook later, each with how it begins: a user's own may have the name as well."""

NOTHING = ON_PURPOSE
"""Written into a cell, it means: nothing, on purpose. An empty cell means: as in Settings."""
YES, NO = "yes", "no"

DEFAULT_WORDS = {"product description": (75, 150), "excerpt": (25, 50), "category description": (75, 150)}
"""Target words, shortest and longest, as the vendor's own WordPress client sets them."""


class Role(StrEnum):
    """What a column is for."""

    CONTROL = "control"
    IDENTITY = "identity"
    INPUT = "input"
    TEXT = "text"
    RESULT = "result"
    ATTRIBUTE = "attribute"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class Heading:
    """One column of the Records sheet that we know by name.

    `field` is the name in our own code; `also` are other spellings that people use for it.
    `template` says whether a new workbook has the column from the start.
    """

    name: str
    field: str
    role: Role
    also: tuple[str, ...] = ()
    template: bool = True
    width: float = 18.0
    note: str = ""


def words_field(text_type: str, end: str) -> str:
    """Name the setting for the `min` or `max` words of a text type."""
    return f"words_{end}:{text_type}"


_PLAIN_HEADINGS = (
    Heading("Action", "action", Role.CONTROL, width=13,
            note="Empty: wtsync decides. Otherwise it does what you choose from the list, once."),
    Heading("Record ID", "record_id", Role.IDENTITY, also=("Record", "Product ID", "ID", "Handle"), width=24,
            note="The shop's own id of the product. Must be there, and only once."),
    Heading("Type", "type", Role.IDENTITY, also=("Record type",), template=False, width=11,
            note="Product or Category. Empty: as in Settings."),
    Heading("Store", "store", Role.IDENTITY, also=("Store ID",), template=False,
            note="The shop this row belongs to. Empty: as in Settings."),
    Heading("Language", "language", Role.IDENTITY, also=("Lang",), template=False, width=11,
            note="For example en, de or en-US. Empty: as in Settings."),
    Heading("Name", "name", Role.INPUT, also=("Title", "Product name", "Category name"), width=30,
            note="What the product is called in the shop."),
    Heading("SKU", "sku", Role.INPUT, also=("Article number",), width=16),
    Heading("URL", "url", Role.INPUT, also=("Link", "Product URL"), width=26,
            note="The public page of the product, if it has one."),
    Heading("Keywords", "keywords", Role.INPUT, also=("Keyword",), width=26,
            note="Separate several with commas."),
    Heading("Semantic keywords", "semantic_keywords", Role.INPUT, template=False, width=26,
            note="Related words that may stand in the texts beside the keywords, with commas."),
    Heading("Tones", "tones", Role.INPUT, also=("Tone",), width=16,
            note="Only where it differs from Settings. Separate several with commas."),
    Heading("Style", "style", Role.INPUT, width=16, note="Only where it differs from Settings."),
    Heading("Audiences", "audiences", Role.INPUT, also=("Audience",), width=18,
            note="Only where it differs from Settings. Separate several with commas."),
    Heading("Images", "images", Role.INPUT, template=False, width=26,
            note="Image IDs of the sheet Images, or web addresses of images, that may be looked at; with commas."),
    Heading("Other details", "other_details", Role.INPUT, also=("Details",), width=44,
            note="Anything worth knowing that has no column of its own."),
    Heading("Reference record", "reference_record", Role.INPUT, template=False, width=24,
            note="The Record ID of another row, whose texts are imitated; tones, style, audiences do not count."),
    Heading("Representative products", "representatives", Role.INPUT, template=False, width=30,
            note="Of a category: Record IDs of products in this workbook, with commas."),
    *(
        Heading(name, field, Role.INPUT, template=False, width=20, note="Only where it differs from Settings.")
        for name, field in (
            ("Custom tone", "custom_tone"), ("Custom style", "custom_style"), ("Custom audience", "custom_audience"),
            ("Formal language", "formal_language"), ("Countries", "countries"),
            ("Special instructions", "special_instructions"), ("Keyword country", "keyword_country"),
            ("Keyword clusters", "keyword_clusters"),
        )
    ),
    *(
        Heading(f"{text_type.capitalize()}: {which} words", words_field(text_type, end), Role.INPUT, template=False,
                note="Only where it differs from Settings.")
        for text_type in SIZED_TEXTS
        for end, which in (("min", "fewest"), ("max", "most"))
    ),
    Heading("Status", "status", Role.RESULT, width=13, note="wtsync writes this: how it went."),
    Heading("Message", "message", Role.RESULT, width=36, note="wtsync writes this: what to know or to do."),
    Heading("Updated", "updated", Role.RESULT, width=19, note="wtsync writes this: when, in UTC."),
    Heading("Credits", "credits", Role.RESULT, width=10,
            note="wtsync writes this: credits for the texts of this row, worked out from the price list."),
)  # fmt: skip

IGNORED_HEADINGS = ("Image", "Image Src", "Image URL", "Price", "Notes to self")
"""Columns that are never sent as attributes, although we do not use them."""

_TEXT_HEADINGS = tuple(
    Heading(text_type.capitalize(), text_type, Role.TEXT, template=text_type in PRODUCT_TEXTS,
            width={"page title": 30, "page description": 40}.get(text_type, 60.0 if text_type in SIZED_TEXTS else 44.0),
            note="Empty: it is generated. What stands here already is yours and stays; what you change is sent back.")
    for text_type in (*PRODUCT_TEXTS, *CATEGORY_TEXTS)
)  # fmt: skip

_FIRST_RESULT = next(i for i, heading in enumerate(_PLAIN_HEADINGS) if heading.role is Role.RESULT)
HEADINGS = (*_PLAIN_HEADINGS[:_FIRST_RESULT], *_TEXT_HEADINGS, *_PLAIN_HEADINGS[_FIRST_RESULT:])
"""Every heading we know, in the order of a new workbook (attribute columns go before the texts)."""


IMAGE_HEADINGS = (
    Heading(
        "Action",
        "action",
        Role.CONTROL,
        width=13,
        note="Empty: wtsync decides. Otherwise it does what you choose from the list, once.",
    ),
    Heading(
        "Image ID",
        "image_id",
        Role.IDENTITY,
        also=("Image",),
        width=24,
        note="A name of your own for the image. Must be there, and only once.",
    ),
    Heading(
        "Record ID",
        "record_id",
        Role.IDENTITY,
        also=("Record", "Product ID", "Shows"),
        width=24,
        note="The Record ID of the product that it shows, as on Records. A product may have several images.",
    ),
    Heading(
        "Store",
        "store",
        Role.IDENTITY,
        also=("Store ID",),
        template=False,
        note="Only where the product stands in several stores.",
    ),
    Heading(
        "Language",
        "language",
        Role.IDENTITY,
        also=("Lang",),
        template=False,
        width=11,
        note="Only where the product stands in several languages.",
    ),
    Heading(
        "URL or file",
        "source",
        Role.INPUT,
        also=("URL", "File", "Image URL", "Image Src"),
        width=44,
        note="Its public address, or a file beside this workbook: images/stool.jpg.",
    ),
    Heading(
        "Alt text",
        ALT_TEXT,
        Role.TEXT,
        width=60,
        note="Empty: it is generated. What stands here already is yours and stays; what you change is sent back.",
    ),
    *(heading for heading in HEADINGS if heading.role is Role.RESULT),
)
"""Every heading of the sheet Images, in the order of a new workbook."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the Settings sheet. `field` is the name in our own code; `value` is what a new workbook has."""

    name: str
    field: str
    value: str
    what: str
    choices: str = ""
    """The list behind the dropdown, when there is one: a name from the Lists sheet."""


SETTINGS_ROWS = (
    Setting("Store", "store", "default", "The shop, as WriteText.ai knows it. Often its address without https://."),
    Setting("Type", "type", PRODUCT, "What the rows are: Product or Category.", "types"),
    Setting("Language", "language", "en", "The language of the texts: en, de, fr, or with a country: en-US."),
    Setting("Countries", "countries", "", "Countries you sell to, as two letters: GB, IE."),
    Setting("Texts wanted", "texts", "", "Which texts to make. Empty: every text column on the Records sheet."),
    Setting("Tones", "tones", "", "How the texts should sound. Separate several with commas.", "tones"),
    Setting("Style", "style", "", "The way of writing.", "styles"),
    Setting("Audiences", "audiences", "", "Whom the texts speak to. Separate several with commas.", "audiences"),
    Setting("Custom tone", "custom_tone", "", "A tone in your own words."),
    Setting("Custom style", "custom_style", "", "A style in your own words."),
    Setting("Custom audience", "custom_audience", "", "An audience in your own words."),
    Setting("Formal language", "formal_language", "", "Formal or informal address, where the language has both.",
            "formal languages"),
    *(
        Setting(f"{text_type.capitalize()}: {which} words", words_field(text_type, end),
                str(DEFAULT_WORDS[text_type][i]),
                f"The {text_type} should have at {'least' if end == 'min' else 'most'} this many words.")
        for text_type in SIZED_TEXTS
        for i, (end, which) in enumerate((("min", "fewest"), ("max", "most")))
    ),
    Setting("Keywords first", "keywords_first", "no",
            "yes: where Keywords is empty, they are looked for, and paid for, before the texts are made.", "yes or no"),
    Setting("Keyword country", "keyword_country", "",
            "The market that is searched for keywords, as two letters. Empty: the first of Countries."),
    Setting("Keyword clusters", "keyword_clusters", "",
            "How many groups of keywords are looked for. Empty: the service decides."),
    Setting("Flag for rewrite", "flag_for_rewrite", "no",
            "yes: the service may mark a record for a rewrite when its rankings move; no text is changed by it.",
            "yes or no"),
    Setting("Special instructions", "special_instructions", "", "One instruction for all texts (premium plans)."),
    Setting("Columns not to send", "not_sent", "", "Headings on Records that are for your eyes only, with commas."),
    Setting("Column names", "column_names", "",
            "Your heading = our heading, one a line: Artikel = Record ID."),
    Setting("Emptied cell", "emptied_cell", "restore",
            "When you empty a text: restore brings it back, regenerate makes a new one, leave keeps it empty.",
            "emptied"),
    Setting("Edited cell", "edited_cell", "push",
            "When you change a text: push sends yours to the service, keep leaves the service as it is.", "edited"),
    Setting("Changed inputs", "changed_inputs", "note",
            "When a product changed after its text was made: note tells you, regenerate makes a new one.", "changed"),
    Setting("Budget", "budget", "", "Credits that one run may cost at most."),
    Setting("Budget per month", "budget_month", "",
            "Credits that all runs of a calendar month (UTC) may cost at most, by all workbooks of this computer."),
    Setting("Most records", "most_records", "", "Records that one run may send at most."),
)  # fmt: skip


@lru_cache(maxsize=4096)
def folded(name: str) -> str:
    """Reduce a name to what counts when comparing: lower-case letters and digits."""
    return "".join(ch for ch in name.casefold() if ch.isalnum())


_BY_FOLD = {folded(spelling): heading for heading in reversed(HEADINGS) for spelling in (heading.name, *heading.also)}
_IMAGE_BY_FOLD = {
    folded(name): heading for heading in reversed(IMAGE_HEADINGS) for name in (heading.name, *heading.also)
}
_SETTING_BY_FOLD = {folded(setting.name): setting for setting in SETTINGS_ROWS}


def heading_for(name: str) -> Heading | None:
    """Find the heading that a column's name stands for, or None where it is an attribute."""
    return _BY_FOLD.get(folded(name))


def image_heading_for(name: str) -> Heading | None:
    """Find the heading of the sheet Images that a column's name stands for, or None."""
    return _IMAGE_BY_FOLD.get(folded(name))


def setting_for(name: str) -> Setting | None:
    """Find the setting that a row's name stands for, or None."""
    return _SETTING_BY_FOLD.get(folded(name))


def column_names(cell: str) -> list[tuple[str, str]]:
    """Read the Column names setting: pairs of the user's heading and what it stands for.

    One pair a line, or several with semicolons. What has no equals sign comes back with an empty second half.
    """
    entries = (entry.partition("=") for entry in cell.replace(";", "\n").splitlines() if entry.strip())
    return [(theirs.strip(), ours.strip()) for theirs, _, ours in entries]


def near_miss(name: str, known: Iterable[str]) -> str | None:
    """Find the one known name that this one is probably a misspelling of, or None.

    Two names count as near from a similarity of 0.84 (difflib's ratio over folded names), which is one or two letters
    off, or when two neighbouring letters have changed places, which the ratio rates too low in short names.
    """
    by_fold = {folded(candidate): candidate for candidate in known}
    given = folded(name)
    swapped = (given[:at] + given[at + 1] + given[at] + given[at + 2 :] for at in range(len(given) - 1))
    close = difflib.get_close_matches(given, by_fold, n=1, cutoff=0.84) or [key for key in swapped if key in by_fold]
    return by_fold[close[0]] if close else None
