"""Decisions of people, read from the sheets and checked: what is carried out, what needs nothing, what is wrong."""

from __future__ import annotations

import pytest

from sync.keyword_sheets.asked import Asked, Verb
from sync.keyword_sheets.decisions import keyword_decisions, pipeline_decisions, with_keywords
from sync.keyword_sheets.manual import manual_decisions
from sync.model import ON_PURPOSE, Keyword, Pipeline, Rules, Trigger
from sync.sheets.asked import Sheet
from sync.workbook.layout_keywords import KEYWORD_HEADINGS, MANUAL_HEADINGS, PIPELINE_HEADINGS
from tests.keyword_sheets.found import found

RULES = Rules(max_keywords=3, max_keyword_length=20, max_suggested_keywords=2)
NAMED = {"Record ID": "A1", "Type": "Product", "Store": "shop", "Language": "en"}


def sheet(name: str, *rows: dict[str, str]) -> Sheet:
    headings = {"Keywords": KEYWORD_HEADINGS, "Pipelines": PIPELINE_HEADINGS, "Manual keywords": MANUAL_HEADINGS}[name]
    columns = {heading: place for place, heading in enumerate(headings, 1)}
    full = ((number, dict.fromkeys(headings, "") | NAMED | row) for number, row in enumerate(rows, 2))
    return Sheet(name, columns, tuple(full))


def keywords(*rows: dict[str, str], own: tuple[str, ...] = ()) -> Asked:
    known = [found("A1", Keyword("oak stool"), own=own), found("A2"), found("A2", language="de")]
    return keyword_decisions(sheet("Keywords", *rows), known, RULES)


def pipelines(*rows: dict[str, str], **state: object) -> Asked:
    listed = [found("A1", pipelines=(Pipeline("p1", **state),)), found("A2", looked=False)]  # type: ignore[arg-type]
    return pipeline_decisions(sheet("Pipelines", *rows), listed)


def manual(*rows: dict[str, str]) -> Asked:
    known = [found("A1", Keyword("old one", group="Manual"), Keyword("idea", group="suggested")), found("A2")]
    return manual_decisions(sheet("Manual keywords", *rows), known, RULES)


def problems(asked: Asked) -> list[tuple[str, str]]:
    return [(problem.where, problem.kind) for _, problem in asked.problems]


def test_a_row_without_a_decision_asks_for_nothing() -> None:
    assert keywords({"Keyword": "oak stool"}) == pipelines({"Pipeline": "p1"}) == Asked()


def test_use_and_drop_are_read_whatever_their_case_with_the_cell_they_stand_in() -> None:
    asked = keywords(
        {"Keyword": "Oak  Stool", "Decision": " USE "}, {"Keyword": "pine", "Decision": "drop"}, own=("Pine",)
    )
    assert [(one.verb, one.subject, str(one.at)) for one in asked.decisions] == [
        (Verb.DROP, "pine", "Keywords!E3"),
        (Verb.USE, "oak stool", "Keywords!E2"),
    ]
    assert asked.decisions[1].effect == "put into the Keywords of A1 (en)"


def test_what_is_so_already_is_settled() -> None:
    asked = keywords({"Keyword": "oak", "Decision": "use"}, {"Keyword": "elm", "Decision": "drop"}, own=("Oak",))
    assert not asked.decisions
    assert [why for _, why in asked.settled] == [
        "It is not among the Keywords of the record.",
        "It is among the Keywords of the record already.",
    ]


def test_no_more_keywords_are_used_than_the_service_takes_and_what_is_dropped_makes_room() -> None:
    own = ("a", "b", "c")
    full = keywords({"Keyword": "d", "Decision": "use"}, own=own)
    assert problems(full) == [("Keywords!E2", "too-many-keywords")]
    room = keywords({"Keyword": "d", "Decision": "use"}, {"Keyword": "b", "Decision": "drop"}, own=own)
    assert [one.subject for one in room.decisions] == ["b", "d"]


@pytest.mark.parametrize(
    ("row", "where", "kind"),
    [
        ({"Decision": "uze"}, "Keywords!E2", "unknown-decision"),
        ({"Decision": "lock"}, "Keywords!E2", "unknown-decision"),
        ({"Keyword": ""}, "Keywords!E2", "no-keyword"),
        ({"Keyword": "a keyword that is far too long"}, "Keywords!E2", "keyword-too-long"),
        ({"Keyword": "one, two"}, "Keywords!E2", "several-keywords"),
        ({"Record ID": "A9"}, "Keywords!B2", "unknown-record"),
        ({"Record ID": ""}, "Keywords!B2", "unknown-record"),
        ({"Record ID": "A2", "Language": "fr"}, "Keywords!B2", "unknown-record"),
        ({"Record ID": "A2", "Language": ""}, "Keywords!B2", "ambiguous-record"),
    ],
)
def test_a_wrong_row_is_named_with_its_cell_and_what_to_do(row: dict[str, str], where: str, kind: str) -> None:
    asked = keywords({"Keyword": "oak stool", "Decision": "use"} | row)
    assert problems(asked) == [(where, kind)]
    assert asked.problems[0][1].remedy
    assert not asked.decisions


def test_the_word_that_was_probably_meant_is_named() -> None:
    (_, problem), *_ = pipelines({"Pipeline": "p1", "Decision": "unlok"}).problems
    assert problem.remedy == "Did you mean unlock?"


def test_decisions_that_do_not_go_together_are_both_refused_and_doubles_are_done_once() -> None:
    row = {"Pipeline": "p1", "Decision": "lock"}
    asked = pipelines(row, row | {"Decision": "delete"}, {"Pipeline": "p1"})
    assert problems(asked) == [("Pipelines!J2", "decisions-differ"), ("Pipelines!J3", "decisions-differ")]
    assert "row 3: delete" in asked.problems[0][1].what
    twice = pipelines(row, row)
    assert len(twice.decisions) == 1
    assert [why for _, why in twice.settled] == ["It is asked for in row 2 already."]


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("lock", {"locked": True}),
        ("unlock", {"locked": False}),
        ("delete", {"deleted": True}),
        ("restore", {"deleted": False}),
        ("trigger", {"triggers": (Trigger("Ranking", "10", "flagForRewrite"),)}),
    ],
)
def test_a_pipeline_that_is_so_already_is_left_alone(word: str, state: dict[str, object]) -> None:
    row = {"Pipeline": "p1", "Decision": word, "Trigger condition": "Ranking", "Trigger value": "10"}
    assert not pipelines(row, **state).decisions
    assert len(pipelines(row, **state).settled) == 1
    assert [one.verb for one in pipelines(row).decisions] == [Verb(word)]  # where the service does not say, it is asked


def test_a_trigger_that_rewrites_by_itself_is_not_the_one_that_only_flags() -> None:
    flagged = {"triggers": (Trigger("Ranking", "10", "FlagForRewrite"),)}
    row = {"Pipeline": "p1", "Trigger condition": "Ranking", "Trigger value": "10", "Text types": "excerpt; page title"}
    (decision,) = pipelines(row | {"Decision": "trigger automatic"}, **flagged).decisions
    assert decision.trigger == ("Ranking", "10", ("excerpt", "page title"))
    assert "REWRITTEN BY THE SERVICE ITSELF when Ranking 10" in decision.effect
    (flag,) = pipelines(row | {"Decision": "trigger"}).decisions
    assert "no text changes" in flag.effect


def test_a_pipeline_or_a_snapshot_that_is_not_known_is_a_problem() -> None:
    assert problems(pipelines({"Pipeline": "p2", "Decision": "lock"})) == [("Pipelines!C2", "unknown-pipeline")]
    other = {"Record ID": "A2", "Pipeline": "p1", "Decision": "lock"}
    assert problems(pipelines(other)) == [("Pipelines!C2", "unknown-pipeline")]
    back = {"Pipeline": "p1", "Decision": "restore snapshot"}
    assert problems(pipelines(back)) == [("Pipelines!J2", "no-snapshot")]
    assert pipelines(back, snapshot_id="s1").decisions[0].snapshot_id == "s1"
    assert pipelines(back | {"Snapshot id": "s0"}, snapshot_id="s1").decisions[0].snapshot_id == "s0"


def test_manual_keywords_are_folded_and_rows_that_are_done_are_left_alone() -> None:
    asked = manual(
        {"Keyword": "Beech  Stool", "Add or remove": "Add", "Type": "", "Store": "", "Language": ""},
        {"Keyword": "elm", "Add or remove": "add", "Done?": "2026-11-29 01:00"},
        {"Keyword": "old one", "Add or remove": "remove"},
        {"Record ID": ""},
    )
    assert [(one.verb, one.subject) for one in asked.decisions] == [(Verb.REMOVE, "old one"), (Verb.ADD, "beech stool")]
    assert not asked.problems


def test_a_manual_keyword_that_is_there_or_is_said_twice_or_is_the_name_needs_nothing() -> None:
    add = {"Add or remove": "add"}
    asked = manual(add | {"Keyword": "Old One"}, add | {"Keyword": "oak STOOL"}, *[add | {"Keyword": "elm"}] * 2)
    assert [one.subject for one in asked.decisions] == ["elm"]
    assert [(at.row, why.partition(";")[0]) for at, why in asked.settled] == [
        (2, "The service has this keyword already."),
        (3, "This is the product's own name, which is no keyword"),
        (5, "It is asked for in row 4 already."),
    ]


def test_no_more_manual_keywords_are_added_than_the_service_takes() -> None:
    add = {"Add or remove": "add"}
    asked = manual(add | {"Keyword": "elm"}, add | {"Keyword": "ash"}, {"Keyword": "yew"})
    assert problems(asked) == [("Manual keywords!C4", "no-decision"), ("Manual keywords!B3", "too-many-keywords")]
    room = manual(add | {"Keyword": "elm"}, add | {"Keyword": "ash"}, {"Keyword": "old one", "Add or remove": "remove"})
    assert len(room.decisions) == 3


@pytest.mark.parametrize(
    ("cell", "use", "drop", "becomes"),
    [
        ("", ["a"], [], "a"),
        ("Oak; Pine,", ["a", "b"], [], "Oak; Pine, a, b"),
        ("Oak; Pine\nElm", ["a"], ["pine"], "Oak, Elm, a"),
        (ON_PURPOSE, ["a"], [], "a"),
        ("Oak", [], ["oak"], ""),
    ],
)
def test_the_cell_keeps_what_nobody_decided_about(cell: str, use: list[str], drop: list[str], becomes: str) -> None:
    assert with_keywords(cell, use, drop) == becomes
