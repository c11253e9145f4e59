"""The rows of the sheets Keywords, Pipelines and Keyword runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from sync.keyword_sheets.facts import RunFacts
from sync.keyword_sheets.keyword_rows import difficulty, keyword_table
from sync.keyword_sheets.pipeline_rows import pipeline_table
from sync.keyword_sheets.run_rows import run_table
from sync.keyword_sheets.targets import Targets
from sync.model import Keyword, Pipeline, Trigger
from sync.sheets.values import Tone, Toned
from tests.keyword_sheets.found import found

if TYPE_CHECKING:
    from sync.keyword_sheets.facts import Found
    from sync.sheets.table import Row


def keywords(*known: Found) -> list[Row]:
    return list(keyword_table(known, Targets(known)).rows)


def runs(*known: Found) -> list[Row]:
    return list(run_table(known, Targets(known)).rows)


def test_a_keyword_has_its_figures_as_numbers_and_nothing_where_the_service_says_nothing() -> None:
    known = Keyword("oak stool", "Chosen", "c1", "p1", "Low", "commercial", 880, "Low", 14, "2026-11-02", "Generated")
    (full,) = keywords(found("A1", known, texts={"page title": "An oak stool"}))
    shown = {name: full[name] for name in ("Search volume", "Rank now", "Intent", "Cluster", "State", "Pipeline")}
    assert shown == {
        "Search volume": 880,
        "Rank now": 14,
        "Intent": "commercial",
        "Cluster": "c1",
        "State": "Generated",
        "Pipeline": "p1",
    }
    assert full["Data as of"] == datetime(2026, 11, 2, tzinfo=UTC)
    (bare,) = keywords(found("A1", Keyword("oak stool")))
    unknown = ("Search volume", "Rank now", "Rank before", "Change", "Difficulty", "State", "In current text?")
    assert {bare[name] for name in unknown} <= {None, ""}
    assert not bare["Needs a person"]


def test_a_date_that_is_none_stays_as_the_service_says_it() -> None:
    (row,) = keywords(found("A1", Keyword("oak stool", as_of="last week")))
    assert row["Data as of"] == "last week"


def test_the_change_is_counted_in_places_won_since_our_last_result() -> None:
    now = (Keyword("Oak Stool", rank=9), Keyword("pine", rank=20), Keyword("new", rank=3), Keyword("gone"))
    before = (Keyword("oak stool", rank=14), Keyword("pine", rank=11), Keyword("gone", rank=5))
    rows = {row["Keyword"]: row for row in keywords(found("A1", *now, before=before))}
    assert [rows[word]["Change"] for word in ("Oak Stool", "pine", "new", "gone")] == [5, -9, None, None]
    assert rows["gone"]["Rank before"] == 5
    assert rows["pine"]["Needs a person"] == Toned("fell by 9 places", Tone.WARN)
    assert rows["Oak Stool"]["Needs a person"] is None


@pytest.mark.parametrize(("group", "needed"), [("suggested", False), ("Competitor", False), ("chosen", True)])
def test_that_a_page_fell_matters_where_it_aims_at_the_keyword(group: str, needed: bool) -> None:
    now, before = (Keyword("pine", group, rank=20),), (Keyword("pine", group, rank=11),)
    (row,) = keywords(found("A1", *now, before=before))
    assert row["Change"] == -9
    assert bool(row["Needs a person"]) is needed
    (row,) = keywords(found("A1", *now, before=before, own=("Pine",)))
    assert row["Needs a person"], "it stands in the cell Keywords"


def test_a_keyword_that_is_named_in_two_clusters_has_one_row() -> None:
    one = Keyword("oak stool", cluster="c1", pipeline_id="p1", volume=None)
    other = Keyword("Oak  stool", cluster="c2", pipeline_id="p2", volume=70)
    (row,) = keywords(found("A1", one, other))
    assert (row["Cluster"], row["Pipeline"], row["Search volume"]) == ("c1; c2", "p1; p2", 70)


def test_who_needs_a_person_comes_first_then_volume_falling_then_difficulty_rising() -> None:
    listed = (
        Keyword("no volume", difficulty="Low"),
        Keyword("small", volume=10, difficulty="Low"),
        Keyword("large hard", volume=90, difficulty="High"),
        Keyword("large easy", volume=90, difficulty="LowMid"),
        Keyword("fallen", volume=1, rank=30),
    )
    rows = keywords(found("A1", *listed, before=(Keyword("fallen", rank=2),)))
    assert [row["Keyword"] for row in rows] == ["fallen", "large easy", "large hard", "small", "no volume"]


def test_difficulties_ascend_whatever_their_spelling() -> None:
    said = ["", "weird", "HIGH", "Mid-High", "medium", "LowMid", "low", "12", "3.5"]
    assert sorted(said, key=difficulty) == ["3.5", "12", "low", "LowMid", "medium", "Mid-High", "HIGH", "weird", ""]


@pytest.mark.parametrize("state", ["Generated", "published"])
def test_a_keyword_that_is_said_to_be_in_the_text_and_is_not_needs_a_person(state: str) -> None:
    (row,) = keywords(found("A1", Keyword("oak stool", state=state), texts={"page title": "A pine stool"}))
    assert row["In current text?"] == Toned("no", Tone.WARN)
    assert "not in the text" in str(row["Needs a person"])
    (waiting,) = keywords(found("A1", Keyword("oak stool", state="ForGeneration"), texts={"page title": "A stool"}))
    assert (waiting["In current text?"], waiting["Needs a person"]) == ("no", None)


def test_records_that_aim_at_the_same_keyword_name_each_other() -> None:
    rows = keywords(
        found("A1", Keyword("oak stool")),
        found("A2", own=("Oak Stool",), looked=False),
        found("C1", Keyword("oak stool"), type="Category"),
        found("A3", Keyword("oak stool", group="suggested")),
        found("A4", Keyword("oak stool"), language="de"),
        found("A5", Keyword("oak stool"), store="other"),
        found("A6", Keyword("oak stool"), countries=("DK",)),
    )
    by_id = {row["Record ID"]: row["Also targeted by"] for row in rows}
    assert by_id["A1"] == Toned("A2, C1 (Category)", Tone.WARN)
    assert by_id["C1"] == Toned("A1 (Product), A2 (Product)", Tone.WARN)
    assert [by_id[name] for name in ("A3", "A4", "A5", "A6")] == [None] * 4


def test_many_competitors_of_ones_own_are_counted() -> None:
    rows = keywords(*(found(f"A{number}", Keyword("oak stool")) for number in range(9)))
    assert str(rows[0]["Also targeted by"]) == "A1, A2, A3, A4, A5 and 3 more"


def test_a_pipeline_shows_what_the_service_says_and_leaves_open_what_it_does_not() -> None:
    triggers = (Trigger("Ranking", "10", "FlagForRewrite", ("page title", "excerpt")),)
    listed = (
        Pipeline("p9", deleted=True),
        Pipeline("p1", "Stools", "Mid", "oak stool", 4, locked=True, deleted=False, triggers=triggers),
        Pipeline("p2", snapshot_id="s1"),
    )
    rows = pipeline_table([found("A1", pipelines=listed)]).rows
    assert [row["Pipeline"] for row in rows] == ["p1", "p2", "p9"]
    assert (rows[0]["Locked?"], rows[0]["Deleted?"], rows[1]["Locked?"]) == (Toned("yes", Tone.GOOD), "no", None)
    assert (rows[0]["Trigger action"], rows[0]["Text types"]) == ("FlagForRewrite", "page title; excerpt")
    assert (rows[1]["Trigger action"], rows[1]["Snapshot id"], rows[1]["Rank"]) == ("", "s1", None)


def test_a_run_counts_keywords_by_state_and_names_its_times() -> None:
    listed = [Keyword("a", state="ForGeneration", rank=8), Keyword("b", state="Published", cluster="c", rank=3)]
    pipelines = (Pipeline("p1", keyword="b"),)
    facts = RunFacts(started_at=1764378061.0, expected=6.0, booked=5.5, clusters=2)
    (row,) = runs(replace(found("A1", *listed, pipelines=pipelines), run=facts))
    counts = [row[name] for name in ("Keywords found", "Keywords ready", "Keywords generated", "Keywords published")]
    assert counts == [2, 1, 0, 1]
    assert [row[name] for name in ("Best rank", "Clusters asked", "Clusters found")] == [3, 2, 1]
    assert (row["Credits expected"], row["Credits booked"]) == (6.0, 5.5)
    assert row["Started at"] == datetime(2025, 11, 29, 1, 1, tzinfo=UTC)
    assert (row["Finished at"], row["Primary keyword"]) == (None, "b")
    assert row["Status"] == Toned("Completed", Tone.GOOD)


def test_a_run_whose_service_names_no_states_counts_none_and_two_keywords_in_use_are_no_primary_one() -> None:
    (row,) = runs(found("A1", Keyword("a"), pipelines=(Pipeline("p1", keyword="a"), Pipeline("p2", keyword="b"))))
    assert (row["Keywords found"], row["Keywords ready"], row["Primary keyword"]) == (1, None, "")


def test_a_run_that_failed_or_found_nothing_or_shares_its_keywords_needs_a_person_and_comes_first() -> None:
    rows = runs(
        found("A1", Keyword("fine")),
        found("A2", state="Failed"),
        found("A3"),
        found("A4", Keyword("stool"), Keyword("seat")),
        found("A5", own=("stool", "seat"), looked=False),
        found("A6", looked=False, status="Pending"),
    )
    assert [(row["Record ID"], str(row["Needs a person"] or "")) for row in rows] == [
        ("A2", "the analysis failed"),
        ("A3", "no keywords were found"),
        ("A4", "other records aim at stool and 1 more as well"),
        ("A1", ""),
        ("A6", ""),
    ]
    assert rows[-1]["Status"] == "Pending"
