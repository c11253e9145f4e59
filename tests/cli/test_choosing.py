"""Part of a workbook, a pilot, and a plan that is signed before it is carried out."""

from __future__ import annotations

import json
import signal
from typing import TYPE_CHECKING

import pytest

from tests.cli.shop import wait_for
from tests.cli.test_push import address

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.shop import Shop


def test_a_pilot_is_run_first_and_the_rest_later_and_nothing_is_paid_twice(opened: Callable[..., Shop]) -> None:
    shop = opened(records=12)
    plan = shop.here("plan", "shop.xlsx", "--pilot", "3").stdout
    assert "6 texts for 3 records" in plan
    shop.here("run", "shop.xlsx", "--yes", "--pilot", "3")
    assert len(shop.ledger()) == 6
    pilot = {one["recordId"] for one in shop.ledger()}
    assert max(pilot) > "00006", "it is spread over the workbook"
    shop.here("run", "shop.xlsx", "--yes")
    assert shop.charged() == shop.everything()


def test_records_conditions_limits_and_kinds_choose_what_is_done(opened: Callable[..., Shop]) -> None:
    shop = opened(records=6)
    shop.edit(**{address(shop, "Colour", 3): "blue", address(shop, "Colour", 4): "blue"})
    shop.here("run", "shop.xlsx", "--yes", "--record", "00005")
    assert {one["recordId"] for one in shop.ledger()} == {"00005"}
    shop.here("run", "shop.xlsx", "--yes", "--where", "Colour = Blue", "--limit", "1")
    assert {one["recordId"] for one in shop.ledger()} == {"00002", "00005"}
    assert "Nothing to do" in shop.here("run", "shop.xlsx", "--yes", "--only", "push,pull").stdout
    shop.here("run", "shop.xlsx", "--yes", "--where", "Colour = blue")
    assert {one["recordId"] for one in shop.ledger()} == {"00002", "00003", "00005"}


def test_what_cannot_be_chosen_is_named_with_what_may_be_meant(opened: Callable[..., Shop]) -> None:
    shop = opened(records=2)
    for words, said in (
        (("--record", "0001"), "Did you mean 00001?"),
        (("--where", "Color = red"), "Did you mean Colour?"),
        (("--record", "2"), "Did you mean 00002?"),
        (("--where", "Record ID = 2"), "Did you mean 00002?"),
        (("--where", "red"), "--where 'Brand = Nordlys'"),
        (("--only", "pushh"), "It knows: generate"),
        (("--limit", "1", "--pilot", "1"), "Give one of them"),
    ):
        told = shop.here("plan", "shop.xlsx", *words, code=2)
        assert said in told.stderr, words


def test_a_signed_plan_is_carried_out_as_it_was_written(opened: Callable[..., Shop]) -> None:
    shop = opened(records=4)
    shop.here("plan", "shop.xlsx", "--limit", "2", "--out", "signed.json")
    shop.here("run", "shop.xlsx", "--yes", "--plan", "signed.json")
    assert {one["recordId"] for one in shop.ledger()} == {"00001", "00002"}


def test_a_signed_plan_is_refused_when_something_moved_and_says_which_rows_and_why(
    opened: Callable[..., Shop],
) -> None:
    shop = opened(records=4)
    shop.here("plan", "shop.xlsx", "--out", "signed.json")
    shop.edit(**{address(shop, "Colour", 3): "green", address(shop, "Page title", 4): "Mine"})
    told = shop.here("run", "shop.xlsx", "--yes", "--plan", "signed.json", code=5)
    assert "00002 page title: its product or its settings have changed" in told.stderr
    assert "00003 page title: there is nothing to do any more" in told.stderr
    assert "00004" not in told.stderr
    assert shop.ledger() == []


def test_a_run_of_a_signed_plan_that_was_killed_goes_on_with_the_same_words(opened: Callable[..., Shop]) -> None:
    shop = opened(records=40, capacity=2, seconds_per_record=0.05)
    shop.here("plan", "shop.xlsx", "--out", "signed.json")
    with shop.start("run", "shop.xlsx", "--yes", "--plan", "signed.json") as run:
        wait_for(lambda: run.poll() is not None or (shop.answered() == 2 and shop.ledger()))
        run.send_signal(signal.SIGKILL)
        run.communicate()
    shop.here("run", "shop.xlsx", "--yes", "--plan", "signed.json")
    assert shop.charged() == shop.everything()


def test_what_is_no_plan_and_the_plan_of_another_workbook_are_refused(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1)
    (shop.folder / "notes.json").write_text("[1, 2]", encoding="utf-8")
    assert "is no plan" in shop.here("run", "shop.xlsx", "--plan", "notes.json", code=2).stderr
    assert "cannot be read" in shop.here("run", "shop.xlsx", "--plan", "missing.json", code=2).stderr
    shop.here("plan", "shop.xlsx", "--out", "signed.json")
    signed = json.loads((shop.folder / "signed.json").read_text(encoding="utf-8"))
    (shop.folder / "other.json").write_text(json.dumps({**signed, "workbookId": "w-other"}), encoding="utf-8")
    told = shop.here("run", "shop.xlsx", "--yes", "--plan", "other.json", code=5)
    assert "another workbook" in told.stderr
    assert shop.ledger() == []
    told = shop.here("run", "shop.xlsx", "--plan", "signed.json", "--limit", "1", code=2)
    assert "says itself" in told.stderr


def test_what_costs_nothing_but_changes_the_service_is_asked_about_too(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1)
    shop.here("run", "shop.xlsx", "--yes")
    shop.edit(**{address(shop, "Page title"): "Mine"})
    assert "--yes" in shop.here("run", "shop.xlsx", code=5).stderr
    shop.here("run", "shop.xlsx", "--yes")


def test_explain_says_of_each_input_where_it_comes_from_and_of_each_text_why(opened: Callable[..., Shop]) -> None:
    shop = opened(records=3, settings={"Tones": "Friendly", "Language": "en"})
    shop.here("run", "shop.xlsx", "--yes", "--record", "00002")
    shop.edit(**{address(shop, "Page title", 3): "Mine"})
    told = shop.here("plan", "shop.xlsx", "--explain", "00002").stdout
    lines = {line.split("  ")[1].strip(): line for line in told.splitlines() if line.startswith("  ")}
    assert f"Records!{address(shop, 'Name', 3)}" in lines["Name"]
    assert "Friendly" in lines["Tones"]
    assert "Settings!B" in lines["Tones"]
    assert "the service's own" in lines["Style"]
    assert f"Records!{address(shop, 'Colour', 3)}" in lines["Colour"]
    assert "push: you changed it here" in lines["page title"]
    assert "unchanged: nothing changed" in lines["excerpt"]
    data = json.loads(shop.here("plan", "shop.xlsx", "--explain", "00002", "--json").stdout)
    assert {one["kind"] for one in data[0]["texts"]} == {"push", "unchanged"}
    assert "Did you mean" in shop.here("plan", "shop.xlsx", "--explain", "0002", code=2).stderr


@pytest.mark.parametrize("how", [("--pilot", "4"), ("--limit", "4"), ("--plan", "signed.json")])
def test_what_was_chosen_and_interrupted_goes_on_with_the_same_words_and_pays_for_no_others(
    opened: Callable[..., Shop], how: tuple[str, str]
) -> None:
    shop = opened(records=20, capacity=1, seconds_per_record=0.2)
    if how[0] == "--plan":
        shop.here("plan", "shop.xlsx", "--pilot", "4", "--out", "signed.json")
    words = ("run", "shop.xlsx", "--yes", "--batch-size", "1", *how)
    with shop.start(*words) as run:
        wait_for(shop.ledger)
        run.send_signal(signal.SIGINT)
        _, said = run.communicate()
    assert "To go on: wtsync run shop.xlsx with the same options" in said
    shop.here(*words)
    assert len({one["recordId"] for one in shop.ledger()}) == 4
    assert len(shop.ledger()) == 8
    if how[0] == "--pilot":
        shop.here(*words)
        assert len({one["recordId"] for one in shop.ledger()}) == 8, "it had come to its end: another four"


def test_a_pilot_that_was_detached_is_collected_by_the_same_words(opened: Callable[..., Shop]) -> None:
    shop = opened(records=12, capacity=1, seconds_per_record=0.1)
    shop.here("run", "shop.xlsx", "--yes", "--pilot", "3", "--detach")
    shop.here("run", "shop.xlsx", "--yes", "--pilot", "3")
    assert len({one["recordId"] for one in shop.ledger()}) == 3
    assert len(shop.cells()) == 6


def test_a_plan_takes_no_other_files_place(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1)
    before = shop.file.read_bytes()
    told = shop.here("plan", "shop.xlsx", "--out", "shop.xlsx", code=2)
    assert "is no plan" in told.stderr
    assert shop.file.read_bytes() == before
    for _ in range(2):
        shop.here("plan", "shop.xlsx", "--out", "signed.json")


@pytest.mark.parametrize(
    "spoil",
    [
        {"changes": [{"recordId": ["x"]}]}, {"selection": {"records": 3}}, {"selection": {}}, {"digest": None},
        {"selection": {"records": [], "where": [{"heading": "Colour", "test": "?", "value": "x"}], "only": []}},
        {"selection": {"records": [1], "where": [], "only": ["zzz"], "limit": "x", "pilot": None}},
    ],
)  # fmt: skip
def test_a_plan_that_somebody_has_written_into_is_refused_in_words(
    opened: Callable[..., Shop], spoil: dict[str, object]
) -> None:
    shop = opened(records=1)
    shop.here("plan", "shop.xlsx", "--out", "signed.json")
    signed = json.loads((shop.folder / "signed.json").read_text(encoding="utf-8"))
    (shop.folder / "signed.json").write_text(json.dumps({**signed, **spoil}), encoding="utf-8")
    shop.here("run", "shop.xlsx", "--yes", "--plan", "signed.json", code=2)
    assert shop.ledger() == []
