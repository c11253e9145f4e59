"""Whom a text imitates, what that costs, and when it is better left for later."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sync.diff import diff
from sync.model import Action, Change, Inputs, Kind, Memory, Policies, Price, PriceList, RemoteState, Rules, Wanted
from sync.plan import make
from tests.nouns import record, remote_text, text_key

RULES = Rules(max_reference_length=100, more_reference_length=50, max_output_words=900,
              max_reference_title_length=20)  # fmt: skip
PRICES = PriceList(tier={"excerpt": 1.0}, rules=RULES)
IMITATOR = replace(record("B1"), inputs=Inputs(name="Elm", reference_record="A1"))


def decided(pattern: str, *, text_type: str = "page title", remote: str = "", rules: Rules = RULES,
            action: Action = Action.DECIDE, cell: str = "") -> Change:  # fmt: skip
    one = replace(
        IMITATOR, patterns={text_type: pattern}, wanted=(Wanted(text_type),), action=action, texts={text_type: cell}
    )
    texts = {text_key("A1"): remote_text(remote)} if remote else {}
    prices = replace(PRICES, rules=rules)
    return diff([one], RemoteState(texts), Memory(), Policies(), prices, lambda _: {text_type: "d"})[0]


def test_the_cell_of_the_other_row_counts_and_where_it_is_empty_what_the_service_has() -> None:
    assert decided("Here", remote="There").reference == "Here"
    assert decided("", remote="There").reference == "There"


def test_nothing_is_paid_for_as_long_as_there_is_nothing_to_imitate() -> None:
    change = decided("")
    assert (change.kind, change.price, "A1" in change.reason) == (Kind.LEFT, Price(), True)


@pytest.mark.parametrize(
    ("pattern", "rules", "said"),
    [
        ("x" * 21, RULES, "too long to be imitated: 21 characters, and the service takes 20"),
        ("x", replace(RULES, imitated=frozenset({"excerpt"})), "does not imitate texts of this kind"),
    ],
)
def test_what_the_service_would_not_imitate_is_left_with_the_reason(pattern: str, rules: Rules, said: str) -> None:
    change = decided(pattern, rules=rules)
    assert change.kind is Kind.LEFT
    assert said in change.reason


def test_a_longer_text_to_imitate_may_cost_more() -> None:
    prices = [decided("x" * length, text_type="excerpt").price for length in (100, 101, 200)]
    assert prices == [Price(2.0, 2.0), Price(3.0, 3.0), Price(4.0, 4.0)]
    assert decided("x" * 201, text_type="excerpt").kind is Kind.LEFT


def test_a_text_to_be_rewritten_imitates_nothing() -> None:
    change = decided("Here", action=Action.REWRITE, cell="Mine")
    assert (change.rewrite, change.reference) == (True, "")


def test_a_plan_whose_reference_text_changed_is_another_plan() -> None:
    assert make([decided("Here")], None).digest != make([decided("There")], None).digest
