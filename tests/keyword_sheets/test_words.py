"""What is said of keywords and of decisions, in words and as data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.keyword_sheets.asked import Asked, Decision, Verb
from sync.keyword_sheets.targets import Targets
from sync.keyword_sheets.words import asked_data, asked_lines, overview
from sync.model import Cell, Keyword, Pipeline, Problem
from tests.keyword_sheets.found import found
from tests.nouns import record_key

if TYPE_CHECKING:
    from sync.keyword_sheets.facts import Found


def told(*known: Found) -> list[str]:
    return list(overview(known, Targets(known)))


def decision(row: int) -> Decision:
    return Decision(Verb.LOCK, record_key(), f"p{row}", Cell("Pipelines", row, 10), "locked: it stays as it is")


def test_records_are_counted_by_state_and_keywords_once() -> None:
    known = [
        found("A1", Keyword("oak"), Keyword("Oak"), Keyword("elm"), pipelines=(Pipeline("p1"),)),
        found("A2", state="Failed"),
        found("A3", looked=False, status="Pending"),
        found("A4", looked=False),
    ]
    assert told(*known) == ["3 records (1 Completed, 1 Failed, 1 Pending): 2 keywords, 1 pipeline."]


def test_without_a_run_it_says_how_to_begin() -> None:
    (line,) = told(found("A1", looked=False))
    assert "Action Keywords" in line


def test_keywords_of_several_records_are_named_those_of_most_records_first_and_the_rest_is_counted() -> None:
    both = [Keyword(f"word {number}") for number in range(6)]
    lines = told(found("A1", *both, Keyword("all")), found("A2", *both, Keyword("all")), found("A3", Keyword("all")))
    assert lines[1] == "Aimed at by several records: 7 keywords."
    assert lines[2] == "  all: A1, A2, A3"
    assert lines[-1] == "  and 2 more; the sheet Keywords names them all"


def test_a_keyword_is_told_of_once_for_each_market() -> None:
    word = Keyword("oak")
    known = [found(f"A{n}", word, language=language) for n in (1, 2) for language in ("en", "de")]
    assert told(*known)[1:] == ["Aimed at by several records: 2 keywords.", "  oak: A1, A2", "  oak: A1, A2"]


def test_a_decision_is_listed_with_its_cell_and_its_effect_and_many_are_counted() -> None:
    settled = ((Cell("Keywords", 4, 5), "It is locked already."),)
    lines = list(asked_lines(Asked(tuple(map(decision, range(2, 25))), settled)))
    assert lines[:2] == ["To carry out: 23 decisions", "  Pipelines!J2  p2: locked: it stays as it is"]
    assert lines[-2:] == ["  and 3 more", "  Keywords!E4  needs nothing: It is locked already."]


def test_the_data_says_of_each_decision_what_came_of_it() -> None:
    asked = Asked(
        tuple(map(decision, (2, 3, 4))), (), ((Cell("Keywords", 2, 5), Problem("Keywords!E2", "k", "v", "w", "r")),)
    )
    data = asked_data(asked, {asked.decisions[0]: "", asked.decisions[1]: "There is none."})
    assert [(one["cell"], one["outcome"], one["message"]) for one in data["decisions"]] == [
        ("Pipelines!J2", "done", ""),
        ("Pipelines!J3", "failed", "There is none."),
        ("Pipelines!J4", "not carried out", ""),
    ]
    assert data["decisions"][0]["recordId"] == "A1"
    assert data["problems"][0]["where"] == "Keywords!E2"
