"""What a row may say for itself instead of Settings, in columns that stand only in workbooks which need them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sync.model import SIZED_TEXTS, Wanted
from sync.records import search, values
from sync.records.problems import Flaw
from sync.workbook.layout import words_field

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sync.model import Rules
    from sync.records.choices import Choosers
    from sync.records.problems import Findings
    from sync.records.rows import Rows

NAMES = {
    "custom_tone": "Custom tone",
    "custom_style": "Custom style",
    "custom_audience": "Custom audience",
    "special_instructions": "Special instructions",
}
"""What is written in the user's own words, by our name of the field."""

Words = tuple[int | None, int | None]


def readers(lists: Choosers, rules: Rules) -> dict[str, Callable[[str], object]]:
    """Give what reads a cell of each input that stands on Settings and may stand in a column, by field."""
    most = {
        "custom_tone": rules.max_custom_tone_length,
        "custom_style": rules.max_custom_style_length,
        "custom_audience": rules.max_custom_audience_length,
        "special_instructions": rules.max_other_details_length,
    }
    return {
        "formal_language": lists.formal_languages.one,
        "countries": values.countries,
        "semantic_keywords": semantic_keywords(rules),
        **search.readers(),
        **{name: limited(name, limit) for name, limit in most.items()},
        **{words_field(text_type, end): words(rules) for text_type in SIZED_TEXTS for end in ("min", "max")},
    }


def limited(name: str, most: int | None) -> Callable[[str], str | Flaw]:
    """Read words of the user's own, at most so many characters; `(none)` is none."""
    kind = name.replace("_", "-") + "-too-long"

    def read(text: str) -> str | Flaw:
        told = text.replace("\r\n", "\n").strip()
        return values.too_long(kind, NAMES[name], told, most) or ("" if values.is_nothing(told) else told)

    return read


def semantic_keywords(rules: Rules) -> Callable[[str], tuple[str, ...] | Flaw]:
    """Read related keywords, within the service's limits; `(none)` is none."""
    most, longest = rules.max_semantic_keywords, rules.max_keyword_length

    def read(text: str) -> tuple[str, ...] | Flaw:
        found = values.several(text)
        if most is not None and len(found) > most:
            return Flaw("too-many-semantic-keywords", text,
                        f"There are {len(found)} semantic keywords, and WriteText.ai takes {most}.",
                        f"Keep the {most} that matter most.")  # fmt: skip
        flaws = (values.too_long("keyword-too-long", "A keyword", one, longest) for one in found)
        return next(filter(None, flaws), None) or found

    return read


def words(rules: Rules) -> Callable[[str], int | Flaw]:
    """Read a number of words within the service's limits; `(none)` is 0: the service decides."""

    def read(text: str) -> int | Flaw:
        if values.is_nothing(text):
            return 0
        value = values.amount(text, "The number of words", whole=True)
        low, high = rules.min_output_words or 1, rules.max_output_words
        if isinstance(value, Flaw) or (low <= value and (high is None or value <= high)):
            return value if isinstance(value, Flaw) else int(value)
        limits = f"from {low} to {high}" if high is not None else f"{low} or more"
        return Flaw(
            "words-out-of-range", text, f"WriteText.ai makes texts {limits} words long.", f"Type a number {limits}."
        )

    return read


def out_of_order(text_type: str, limits: Words, value: str) -> Flaw | None:
    """Find that the fewest words are more than the most."""
    fewest, most = limits
    if fewest is None or most is None or fewest <= most:
        return None
    return Flaw("words-order", value, f"The fewest words of the {text_type} ({fewest}) "
                f"are more than the most ({most}).", "Change one of the two numbers.")  # fmt: skip


def own_words(
    columns: Mapping[str, Sequence[int | None]],
    positions: Sequence[int],
    wanted: Mapping[str, tuple[Wanted, ...]],
    types: Sequence[str],
) -> list[tuple[Wanted, ...]]:
    """Give the texts wanted of some rows, with their own numbers of words.

    `columns` are the `words_columns`, `wanted` are the texts of Settings, by type, and `types` are those of these rows.
    """
    if not columns:
        return [wanted[record_type] for record_type in types]
    return [
        _with_words(wanted[record_type], {name: cells[at] for name, cells in columns.items()})
        for at, record_type in zip(positions, types, strict=True)
    ]


def words_columns(rows: Rows) -> dict[str, Sequence[int | None]]:
    """Give the columns with numbers of words in which any row says something, by the field's name."""
    return {name: cells for name, cells in rows.own.items() if name in _WORDS and any(cells)}


def check_words(rows: Rows, addressed: Sequence[int], usual: Mapping[str, Words], findings: Findings) -> None:
    """Note the rows whose fewest words are more than the most, where one of the two may be that of Settings."""
    columns = {name: cells for name, cells in rows.own.items() if name in _WORDS}
    for at in addressed if columns else ():
        own = {name: cells[at] for name, cells in columns.items() if cells[at] is not None}
        noted = set()
        for name, value in own.items():
            text_type = _WORDS[name]
            one = _with_words([Wanted(text_type, *usual[text_type])], own)[0]
            flaw = out_of_order(text_type, (one.min_words, one.max_words), str(value))
            if flaw is not None and text_type not in noted:
                noted.add(text_type)
                findings.in_records(rows.cell_of(at, name), flaw)


def check_formal(
    rows: Rows, addressed: Sequence[int], languages: Sequence[str], offered: Callable[[str], bool], findings: Findings
) -> None:
    """Note the rows that choose formal or informal in a language that has no such choice."""
    cells = rows.own.get("formal_language", ())
    for at in addressed if any(cells) else ():
        if cells[at] and not offered(languages[at]):
            findings.in_records(rows.cell_of(at, "formal_language"), Flaw(
                "formal-not-offered", cells[at],
                f"Formal and informal do not differ in the language {languages[at]}.", "Empty this cell."))  # fmt: skip


_WORDS = {words_field(text_type, end): text_type for text_type in SIZED_TEXTS for end in ("min", "max")}


def _with_words(wanted: Sequence[Wanted], own: Mapping[str, int | None]) -> tuple[Wanted, ...]:
    """Put a row's own numbers of words in the place of those of Settings; `own` is by the field's name."""

    def limit(one: Wanted, end: str, usual: int | None) -> int | None:
        value = own.get(words_field(one.text_type, end))
        return usual if value is None else value or None

    return tuple(
        replace(one, min_words=limit(one, "min", one.min_words), max_words=limit(one, "max", one.max_words))
        if one.text_type in SIZED_TEXTS
        else one
        for one in wanted
    )
