"""What is asked for, what is made of the answers, and what decisions do to cells."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sync.model import Action, Choice, Fate, Idea, Inputs, Record, RecordKey, Reference, Rules, Suggested
from sync.sheets.asked import Sheet
from sync.suggesting.asking import chosen, heard, questions, still_chosen
from sync.suggesting.decisions import decided
from sync.suggesting.rows import learned, suggestion_table
from sync.suggesting.shelf import AUDIENCES, CUSTOM, SEMANTIC, Shelf
from sync.workbook.layout_suggestions import SUGGESTION_HEADINGS

KEY = RecordKey("shop", "Product", "A1", "en")
OTHER = RecordKey("shop", "Product", "A2", "en")
RECORD = Record(KEY, 2, Action.DECIDE, Inputs(name="Oak stool", keywords=("Stool",)), (), {})
RULES = Rules(max_semantic_keywords=3, max_keyword_length=12, max_custom_audience_length=10)
REFERENCE = Reference(rules=RULES, tones=(), styles=(), audiences=(Choice("a1", "Parents"), Choice("a2", "Seniors")))


def shelf(**cells: str) -> Shelf:
    places = dict.fromkeys(((KEY, name) for name in (SEMANTIC, AUDIENCES, CUSTOM)), "")
    return Shelf(REFERENCE, {KEY: "Oak stool"}, {**places, **{(KEY, name): text for name, text in cells.items()}})


def sheet(*rows: tuple[str, str, str]) -> Sheet:
    """Make a sheet of kinds, suggestions and decisions for one record."""
    columns = {heading: place for place, heading in enumerate(SUGGESTION_HEADINGS, 1)}
    told = (dict(zip(("Kind", "Suggestion", "Decision"), row, strict=True)) | {"Record ID": "A1"} for row in rows)
    return Sheet("Suggestions", columns, tuple(enumerate(told, 2)))


def kinds(asked: Sheet, there: Shelf) -> tuple[dict[str, str], list[str]]:
    """Give the cells afterwards by field, and the kinds of what is wrong."""
    found = decided(asked, [], [RECORD], there)
    return {name: text for (_, name), text in found.cells.items()}, [one.kind for _, one in found.problems]


WORD, WHO = "Semantic keyword", "Audience"


@pytest.mark.parametrize(
    ("rows", "cells", "after", "wrong"),
    [
        ([(WORD, "bench", "accept")], {SEMANTIC: "seat"}, {SEMANTIC: "seat, bench"}, []),
        ([(WORD, "bench", "accept")], {SEMANTIC: "(none)"}, {}, ["cell-is-filled"]),
        ([(WORD, "bench", "replace")], {SEMANTIC: "(none)"}, {SEMANTIC: "bench"}, []),
        ([(WORD, "bench", "accept"), (WORD, "pew", "replace")], {SEMANTIC: "seat"}, {SEMANTIC: "pew, bench"}, []),
        ([(WORD, "bench", "replace"), (WORD, "pew", "replace")], {}, {SEMANTIC: "bench"}, ["decisions-differ"]),
        ([(WORD, "bench", "accept")], {SEMANTIC: "a; b\nc"}, {}, ["too-many-keywords"]),
        ([(WORD, "a long bench of oak", "accept")], {}, {}, ["keyword-too-long"]),
        ([(WORD, "bench", "accept")], {SEMANTIC: "seat, Bench"}, {}, []),
        ([(WORD, "bench", "dismiss")], {SEMANTIC: "seat"}, {}, []),
        ([(WHO, "parents", "accept")], {AUDIENCES: "Seniors"}, {AUDIENCES: "Seniors, parents"}, []),
        ([(WHO, "Joiners", "accept")], {}, {CUSTOM: "Joiners"}, []),
        ([(WHO, "Joiners", "accept")], {CUSTOM: "nerds"}, {}, ["cell-is-filled"]),
        ([(WHO, "Joiners", "replace")], {CUSTOM: "nerds"}, {CUSTOM: "Joiners"}, []),
        ([(WHO, "Joiners", "accept"), (WHO, "Bakers", "accept")], {}, {CUSTOM: "Joiners"}, ["decisions-differ"]),
        ([(WHO, "Friends of oak", "accept")], {}, {}, ["audience-too-long"]),
    ],
)
def test_a_decision_changes_its_cell_or_says_why_not(
    rows: list[tuple[str, str, str]], cells: dict[str, str], after: dict[str, str], wrong: list[str]
) -> None:
    assert kinds(sheet(*rows), shelf(**cells)) == (after, wrong)


def test_what_stands_there_already_needs_nothing_and_counts_as_accepted() -> None:
    found = decided(sheet((WORD, "bench", "accept")), [], [RECORD], shelf(**{SEMANTIC: "seat, Bench"}))
    assert [(one.fate, why) for _, one, why in found.already] == [
        (Fate.ACCEPTED, "It stands in Semantic keywords already.")
    ]


def test_a_cell_that_must_not_be_written_and_a_record_without_a_row_are_told() -> None:
    there = shelf()
    blocked = replace(there, blocked={(KEY, SEMANTIC): "The cell holds a formula."})
    assert kinds(sheet((WORD, "bench", "accept")), blocked) == ({}, ["no-place"])
    assert kinds(sheet((WORD, "bench", "accept")), replace(there, cells={})) == ({}, ["no-row"])


def test_questions_leave_out_what_is_answered_lost_skipped_nameless_or_taken_from_another_record() -> None:
    records = [
        RECORD,
        replace(RECORD, key=OTHER, action=Action.SKIP),
        replace(RECORD, key=OTHER, inputs=Inputs()),
        replace(RECORD, key=OTHER, inputs=Inputs(name="Elm", reference_record="A1")),
    ]
    asked = {(KEY, Idea.AUDIENCE): True, (KEY, Idea.SEMANTIC): False}
    assert questions(records, set(Idea), asked) == (((OTHER, Idea.SEMANTIC),), ((KEY, Idea.SEMANTIC),))
    assert questions(records, set(Idea), asked, again=True) == (((KEY, Idea.SEMANTIC), (OTHER, Idea.SEMANTIC)), ())
    assert questions(records, {Idea.AUDIENCE}, asked) == ((), ())


def test_suggestions_come_in_one_line_once_and_without_what_the_record_has() -> None:
    odd = ["bench", " Bench ", "oak  STOOL", "stool", "a\n\x00b", "", "x" * 300]
    assert heard(odd, Idea.SEMANTIC, RECORD) == ("bench", "a b")
    assert heard(["stool", "Stool"], Idea.AUDIENCE, RECORD) == ("stool",)


def test_the_service_is_told_all_that_is_accepted_of_a_kind() -> None:
    known = [Suggested(KEY, Idea.SEMANTIC, "seat", Fate.ACCEPTED), Suggested(KEY, Idea.AUDIENCE, "x", Fate.ACCEPTED)]
    fresh = [
        Suggested(KEY, Idea.SEMANTIC, "bench", Fate.ACCEPTED),
        Suggested(OTHER, Idea.SEMANTIC, "pew", Fate.DISMISSED),
    ]
    assert chosen(known, fresh) == {(KEY, Idea.SEMANTIC): ("seat", "bench")}


def test_what_only_the_sheet_knows_is_taken_over_with_what_became_of_it() -> None:
    asked = sheet((WORD, "bench", ""), (WHO, "Joiners", ""), ("Colour", "red", ""))
    rows = [(row, {**cells, "State": "accepted, no longer in its cell"}) for row, cells in asked.rows]
    known = [Suggested(KEY, Idea.SEMANTIC, "Bench"), Suggested(KEY, Idea.SEMANTIC, "pew", Fate.DISMISSED)]
    assert learned(replace(asked, rows=tuple(rows)), known, [KEY]) == [
        Suggested(KEY, Idea.SEMANTIC, "Bench", Fate.ACCEPTED),
        Suggested(KEY, Idea.AUDIENCE, "Joiners", Fate.ACCEPTED),
    ]


@pytest.mark.parametrize(
    ("states", "before", "after"),
    [
        (["dismissed"], Fate.OPEN, Fate.DISMISSED),
        (["Accepted, no longer in its cell"], Fate.DISMISSED, Fate.ACCEPTED),
        ([""], Fate.DISMISSED, Fate.OPEN),
        (["in its cell"], Fate.ACCEPTED, Fate.OPEN),
        (["", "dismissed"], Fate.OPEN, Fate.DISMISSED),
        (["dismissed", ""], Fate.OPEN, Fate.DISMISSED),
        (["no idea"], Fate.DISMISSED, None),
        (["dismissed"], Fate.DISMISSED, None),
        ([], Fate.DISMISSED, None),
    ],
)
def test_what_stands_on_the_sheet_counts(states: list[str], before: Fate, after: Fate | None) -> None:
    there = sheet(*((WORD, "bench", "") for _ in states))
    rows = tuple((row, {**cells, "State": state}) for (row, cells), state in zip(there.rows, states, strict=True))
    expected = [] if after is None else [Suggested(KEY, Idea.SEMANTIC, "bench", after)]
    assert learned(replace(there, rows=rows), [Suggested(KEY, Idea.SEMANTIC, "bench", before)], [KEY]) == expected


@pytest.mark.parametrize(
    ("word", "was", "now", "after", "wrong"),
    [
        ("replace", "seat", "pew", {}, ["cell-has-changed"]),
        ("accept", "", "pew", {}, ["cell-has-changed"]),
        ("accept", "seat", "seat, bench", {}, []),
        ("accept", "seat", "seat", {SEMANTIC: "seat, bench"}, []),
        ("dismiss", "seat", "pew", {}, []),
    ],
)
def test_a_cell_that_has_changed_since_the_yes_is_left(
    word: str, was: str, now: str, after: dict[str, str], wrong: list[str]
) -> None:
    agreed = {(KEY, SEMANTIC): was}
    found = decided(sheet((WORD, "bench", word)), [], [RECORD], shelf(**{SEMANTIC: now}), agreed)
    assert ({name: text for (_, name), text in found.cells.items()}, [one.kind for _, one in found.problems]) == (
        after,
        wrong,
    )


def test_a_cell_that_nobody_was_asked_about_is_left() -> None:
    found = decided(sheet((WORD, "bench", "replace")), [], [RECORD], shelf(), {})
    assert [one.kind for _, one in found.problems] == ["cell-has-changed"]


def test_of_what_was_to_be_told_only_what_is_accepted_is_left() -> None:
    untold = {(KEY, Idea.SEMANTIC): ("bench", "pew"), (KEY, Idea.AUDIENCE): ("Joiners",)}
    known = [Suggested(KEY, Idea.SEMANTIC, "bench", Fate.ACCEPTED), Suggested(KEY, Idea.SEMANTIC, "pew")]
    assert still_chosen(untold, known) == {(KEY, Idea.SEMANTIC): ("bench",)}


def test_rows_say_where_a_suggestion_goes_and_what_stands_there() -> None:
    known = [
        Suggested(KEY, Idea.SEMANTIC, "pew", Fate.DISMISSED),
        Suggested(KEY, Idea.SEMANTIC, "bench"),
        Suggested(KEY, Idea.AUDIENCE, "Joiners"),
        Suggested(OTHER, Idea.AUDIENCE, "gone"),
    ]
    table = suggestion_table(known, shelf(**{SEMANTIC: "seat, bench", CUSTOM: "nerds"}))
    assert [
        (row["Suggestion"], row["Goes into"], row["There now"], row["State"]) for row in table.rows
    ] == [
        ("Joiners", "Custom audience", "nerds", ""),
        ("bench", "Semantic keywords", "seat, bench", "in its cell"),
        ("pew", "Semantic keywords", "seat, bench", "dismissed"),
    ]  # fmt: skip
