"""How a run went, and the receipt: every count that is not zero has its line."""

from __future__ import annotations

import pytest

from sync.batch import ItemState, Tally
from sync.report.outcome_text import here_text, outcome_text, receipt_text, unit_text

FULL = Tally(
    total=100, done=90, failed=4, cancelled=1, unknown=2, open=2, not_sent=1, credits=180.0, stopped_min=2.0,
    stopped_max=3.0, unknown_max=4.0,
)  # fmt: skip


def test_a_run_is_summed_up() -> None:
    assert outcome_text(FULL, 88, 1234.0).splitlines() == [
        "90 texts made for 180 credits, 88 texts written into the workbook.",
        "  4 texts failed; run again to have them tried again.",
        "  2 texts nobody can say about, up to 4 credits; see wtsync status.",
        "  1 text stopped.",
        "  1 text not sent; run again to send them.",
        "  2 texts still being made; run again to collect them.",
        "  Balance: 1,234 credits.",
    ]


def test_what_went_well_is_one_line() -> None:
    assert outcome_text(Tally(total=2, done=2, credits=3.0), 2, None) == (
        "2 texts made for 3 credits, 2 texts written into the workbook."
    )


@pytest.mark.parametrize(
    ("tally", "words"),
    [
        (Tally(total=2, open=2), "Everything is sent."),
        (Tally(total=2, open=1, not_sent=1), "No text was made."),
        (Tally(total=2, failed=2), "No text was made."),
        (Tally(), "No text was made."),
    ],
)
def test_when_nothing_was_made_it_says_what_is_so(tally: Tally, words: str) -> None:
    assert outcome_text(tally, 0, None).splitlines()[0] == words


def test_texts_that_were_only_fetched_are_written_and_cost_nothing() -> None:
    assert outcome_text(Tally(), 5, None) == "5 texts written into the workbook."


def test_a_receipt_names_what_was_charged_what_was_stopped_and_what_nobody_knows() -> None:
    assert receipt_text(FULL, 1234.0).splitlines() == [
        "Receipt",
        "  finished  90 texts, 180 credits by the price list",
        "  stopped   2 texts, 2 to 3 credits not spent",
        "  failed    4 texts",
        "  unknown   2 texts, up to 4 credits; see wtsync status",
        "  open      2 texts; run `wtsync cancel` again to follow them",
        "  balance   1,234 credits",
    ]


def test_a_short_receipt_has_two_lines() -> None:
    assert receipt_text(Tally(total=3, done=1, cancelled=2, credits=1.0, stopped_min=2.0, stopped_max=2.0), None) == (
        "Receipt\n  finished  1 text, 1 credits by the price list\n  stopped   2 texts, 2 credits not spent"
    )


SEARCHES = Tally(
    total=9, done=4, failed=1, unknown=1, open=3, credits=20.0, unknown_max=6.0,
    searches={ItemState.DONE: 2, ItemState.FAILED: 1, ItemState.UNKNOWN: 1},
)  # fmt: skip


def test_keywords_are_no_texts_whatever_became_of_them() -> None:
    assert outcome_text(SEARCHES, 2, None).splitlines() == [
        "Keywords of 2 records found and 2 texts made for 20 credits, 2 texts written into the workbook.",
        (
            "  Keywords of 1 record failed; run again to have them tried again. Another search for keywords may have to"
            " be paid for; where one was signed or approved, it needs a new yes."
        ),
        "  Keywords of 1 record nobody can say about, up to 6 credits; see wtsync status.",
        "  3 texts still being made; run again to collect them.",
    ]
    assert receipt_text(SEARCHES, None).splitlines() == [
        "Receipt",
        "  finished  keywords of 2 records and 2 texts, 20 credits by the price list",
        "  stopped   0 texts, 0 credits not spent",
        "  failed    keywords of 1 record",
        "  unknown   keywords of 1 record, up to 6 credits; see wtsync status",
        "  open      3 texts; run `wtsync cancel` again to follow them",
    ]
    failed = Tally(total=1, failed=1, searches={ItemState.FAILED: 1})
    assert outcome_text(failed, 0, None).splitlines()[0] == "No keywords were found."


@pytest.mark.parametrize(
    ("tally", "words", "unit"),
    [
        (Tally(total=1200, done=4), "4 of 1,200 texts are here", "texts"),
        (
            Tally(total=4, done=1, searches={ItemState.DONE: 1, ItemState.OPEN: 3}),
            "Keywords of 1 of 4 records are here",
            "keyword searches",
        ),
        (SEARCHES, "Keywords of 2 of 4 records and 2 of 5 texts are here", "texts and keyword searches"),
        (Tally(), "0 of 0 texts are here", "texts"),
    ],
)
def test_while_it_goes_on_keywords_and_texts_are_counted_apart(tally: Tally, words: str, unit: str) -> None:
    assert (here_text(tally), unit_text(tally)) == (words, unit)
