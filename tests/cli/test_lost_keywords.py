"""An order of keywords that nobody can say about: taken for lost it is left alone, sent again it is ordered once."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from sync.cli.console import typed
from tests.cli.shop import visit
from tests.cli.test_keywords import fill
from tests.cli.test_signed_keywords import APPROVED, SIGNED, approve, paid, sign

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.shop import Shop

RUN = ("run", "shop.xlsx", "--yes")
FATES = {"--resend": "may be sent again", "--accept-lost": "is taken for lost, and left alone"}
WAYS = {"no plan": RUN, "signed": SIGNED, "approved": APPROVED}


@pytest.fixture(
    params=["no plan", *(pytest.param(way, marks=pytest.mark.soak) for way in WAYS if way != "no plan")],
    ids=lambda way: way.replace(" ", "-"),
)
def way(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def doubted(opened: Callable[..., Shop], way: str) -> tuple[Shop, str]:
    """Order the keywords of a record so that nobody can say whether the service has that, which it has not."""
    shop = opened(records=2)
    fill(shop, "Records", 2, Action="Keywords")
    agree(shop, way)
    shop.faults("500:on=keywords-start,count=1")
    said = shop.here(*WAYS[way], code=3)
    found = re.search(r"--resend (\d+)", said.stdout + said.stderr)
    assert found
    return shop, found[1]


def agree(shop: Shop, way: str) -> None:
    """Say yes to nothing but the keywords, in the way of the story."""
    fill(shop, "Records", 3, Action="Skip")
    if way == "signed":
        sign(shop)
    elif way == "approved":
        approve(shop)


def test_what_is_taken_for_lost_is_not_ordered_again_by_any_yes(opened: Callable[..., Shop], way: str) -> None:
    shop, batch = doubted(opened, way)
    shop.here(*WAYS[way], "--accept-lost", batch)
    shop.here(*WAYS[way])
    shop.here(*RUN)
    assert paid(shop) == {}
    assert (
        f"they have not turned up; a run with --resend {batch} has them looked for once more"
        in shop.here("plan", "shop.xlsx", "--json").stdout
    )


def test_what_was_taken_for_lost_can_be_sent_again_all_the_same(opened: Callable[..., Shop], way: str) -> None:
    shop, batch = doubted(opened, way)
    shop.here(*WAYS[way], "--accept-lost", batch)
    shop.here(*WAYS[way], "--resend", batch)
    assert paid(shop) == {"00001 keywords": 1}
    assert "nothing that nobody can say about" in shop.here(*WAYS[way], "--resend", batch, code=2).stderr


def test_the_plan_says_that_what_was_taken_for_lost_has_turned_up_and_the_run_fetches_it(
    opened: Callable[..., Shop], way: str
) -> None:
    shop = opened(records=2)
    fill(shop, "Records", 2, Action="Keywords")
    agree(shop, way)
    shop.faults("lost:on=keywords-start;lag:on=keywords-list,seconds=100")
    found = re.search(r"--resend (\d+)", shop.here(*WAYS[way], code=3).stderr)
    assert found
    shop.here(*WAYS[way], "--accept-lost", found[1])
    shop.faults("")
    (change,) = json.loads(shop.here("plan", "shop.xlsx", "--json").stdout)["changes"]
    assert (change["kind"], change["reason"]) == (
        "follow",
        f"you took them for lost (batch {found[1]}), and they have turned up: a run takes in what came of them",
    )
    assert f"The keywords of batch {found[1]}, taken for lost" in shop.here(*WAYS[way]).stderr
    assert shop.column("Keywords")[0]
    assert paid(shop) == {"00001 keywords": 1}


@pytest.mark.parametrize("at_once", [True, False])
def test_what_settles_a_doubt_is_named_as_it_has_to_be_typed(opened: Callable[..., Shop], *, at_once: bool) -> None:
    shop = opened(records=1)
    shop.file.rename(shop.folder / "my shop.xlsx")
    shop.faults("500:on=generate,count=1")
    run = ("run", "my shop.xlsx", "--yes")
    said = shop.here(*run, code=3)
    said = said if at_once else shop.here(*run, code=3)
    assert f"`wtsync run {typed('my shop.xlsx')} --resend 1`" in said.stderr


def test_a_command_that_names_a_wrong_batch_as_well_lets_go_of_nothing(opened: Callable[..., Shop], way: str) -> None:
    shop, batch = doubted(opened, way)
    for word in ("--resend", "--accept-lost"):
        shop.here(*WAYS[way], word, batch, word, "99", code=2)
        shop.here(*WAYS[way], code=3)
    assert paid(shop) == {}


def test_what_has_turned_up_meanwhile_is_followed_and_not_given_up(opened: Callable[..., Shop], way: str) -> None:
    shop = opened(records=2)
    fill(shop, "Records", 2, Action="Keywords")
    agree(shop, way)
    shop.faults("lost:on=keywords-start;lag:on=keywords-list,seconds=100")
    said = shop.here(*WAYS[way], code=None)
    found = re.search(r"--resend (\d+)", said.stdout + said.stderr)
    assert found, said
    shop.faults("")
    said = shop.here(*WAYS[way], "--resend", found[1])
    assert "has turned up meanwhile" in said.stderr
    assert paid(shop) == {"00001 keywords": 1}


@pytest.mark.parametrize("words", ["--resend", "--accept-lost"])
def test_nobody_is_told_to_do_what_she_has_just_done(opened: Callable[..., Shop], way: str, words: str) -> None:
    shop, batch = doubted(opened, way)
    said = shop.here(*WAYS[way], words, batch).stderr
    assert "Nobody can say" not in said
    assert f"what is missing of batch {batch} {FATES[words]}" in said


def test_of_other_batches_that_nobody_can_say_about_she_is_told_all_the_same(opened: Callable[..., Shop]) -> None:
    shop = opened(records=3)
    shop.faults("500:on=generate,count=2")
    shop.here(*RUN, "--batch-size", "1", code=3)
    said = shop.here(*RUN, "--accept-lost", "1", code=3).stderr
    assert "Nobody can say whether the service has batch 1 " not in said
    assert "Nobody can say whether the service has batch 2 " in said


def test_what_is_sent_again_is_ordered_once_by_the_same_yes(opened: Callable[..., Shop], way: str) -> None:
    shop, batch = doubted(opened, way)
    shop.here(*WAYS[way], "--resend", batch)
    shop.here(*WAYS[way])
    assert paid(shop)["00001 keywords"] == 1


@pytest.mark.parametrize("way", ["signed", "approved"])
def test_a_resend_that_fails_needs_a_new_yes(opened: Callable[..., Shop], way: str) -> None:
    shop = opened(records=2)
    fill(shop, "Records", 2, Action="Keywords", Name="Oak stool [fail]")
    agree(shop, way)
    shop.faults("500:on=keywords-start,count=1")
    said = shop.here(*WAYS[way], code=3)
    batch = re.findall(r"--resend (\d+)", said.stdout + said.stderr)[0]
    shop.here(*WAYS[way], "--resend", batch, code=3)
    assert paid(shop) == {"00001 keywords": 1}
    assert "00001 were looked for under this plan already" in shop.here(*WAYS[way]).stderr
    agree(shop, way)
    shop.here(*WAYS[way], code=3)
    assert paid(shop) == {"00001 keywords": 2}


def taken_for_lost(opened: Callable[..., Shop], way: str) -> Shop:
    """Take keywords for lost of which the service has the order, and does not list it."""
    shop = opened(records=2)
    fill(shop, "Records", 2, Action="Keywords")
    agree(shop, way)
    shop.faults("lag:on=keywords-list,seconds=1000")
    shop.here(*WAYS[way], code=3)
    shop.here(*WAYS[way], "--accept-lost", "1")
    shop.faults("")
    return shop


def stands(shop: Shop, status: str) -> None:
    """Have the service list the search as it stands there."""
    entry = {"type": "Product", "storeId": "shop", "languageCode": "en", "recordId": "00001", "status": status}
    with visit(shop.url) as service:
        service.post("/_simulator/keywords", json={**entry, "name": "Oak stool 1"})


def test_what_was_taken_for_lost_and_has_failed_is_paid_and_not_ordered_again_by_the_same_action(
    opened: Callable[..., Shop], way: str
) -> None:
    shop = taken_for_lost(opened, way)
    stands(shop, "Failed")
    assert "count as paid" in shop.here(*WAYS[way]).stderr
    for words in (WAYS[way], RUN):
        assert "count as paid" not in shop.here(*words).stderr
    assert paid(shop) == {"00001 keywords": 1}
    assert "6 credits for 1 keyword run" in shop.here("ledger", "shop.xlsx").stdout
    assert (
        "looking for them has failed; a run with --resend 1 has them looked for once more"
        in shop.here("plan", "shop.xlsx", "--json").stdout
    )
    shop.here(*RUN, "--resend", "1")
    assert paid(shop) == {"00001 keywords": 2}
    assert "12 credits for 2 keyword runs" in shop.here("ledger", "shop.xlsx").stdout


def test_what_was_taken_for_lost_and_is_under_way_is_followed_as_what_was_paid_for(
    opened: Callable[..., Shop], way: str
) -> None:
    shop = taken_for_lost(opened, way)
    stands(shop, "InProgress")
    assert "being looked for after all" in shop.here(*WAYS[way], "--detach").stderr
    stands(shop, "Completed")
    shop.here(*WAYS[way])
    assert shop.column("Keywords")[0]
    assert paid(shop) == {"00001 keywords": 1}
    assert "6 credits for 1 keyword run" in shop.here("ledger", "shop.xlsx").stdout


def test_what_shows_in_the_very_run_that_takes_it_for_lost_is_followed_as_what_was_paid_for(
    opened: Callable[..., Shop],
) -> None:
    shop = opened(records=1)
    fill(shop, "Records", 2, Action="Keywords")
    shop.faults("lag:on=keywords-list,seconds=1000")
    shop.here(*RUN, code=3)
    shop.faults("")
    stands(shop, "InProgress")
    shop.here(*RUN, "--accept-lost", "1", "--detach", code=None)
    stands(shop, "Failed")
    shop.here(*RUN, code=3)
    assert paid(shop) == {"00001 keywords": 1}
    assert "6 credits for 1 keyword run" in shop.here("ledger", "shop.xlsx").stdout
