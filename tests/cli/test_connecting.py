"""The service is asked while the workbook is being read."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from sync.cli.connecting import Meanwhile
from sync.errors import Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.shop import Shop


def test_what_is_asked_and_what_is_done_go_on_beside_each_other() -> None:
    done = threading.Event()

    def asked() -> str:
        assert done.wait(30), "nobody goes on while the question is out"
        return "an answer"

    question = Meanwhile(asked)
    done.set()
    assert question.answer() == "an answer"


def test_what_came_of_the_question_is_raised_to_who_waits_for_it() -> None:
    def asked() -> str:
        raise Unreachable("The service does not answer.", "Try again.")

    question = Meanwhile(asked)
    with pytest.raises(Unreachable):
        question.answer()


def test_a_wait_that_ran_out_at_the_service_is_not_taken_for_one_of_ours() -> None:
    def asked() -> str:
        raise TimeoutError

    question = Meanwhile(asked)
    with pytest.raises(TimeoutError):
        question.answer()


def test_what_is_to_be_done_afterwards_is_done_without_waiting() -> None:
    go_on, closed = threading.Event(), threading.Event()
    question = Meanwhile(lambda: go_on.wait(30))
    question.afterwards(closed.set)
    assert not closed.is_set()
    go_on.set()
    assert question.answer()
    assert closed.wait(30)


def test_a_file_that_cannot_be_read_is_told_whatever_the_service_does(opened: Callable[..., Shop]) -> None:
    shop = opened(records=1)
    shop.file.write_bytes(b"no workbook")
    for url in (shop.url, "http://127.0.0.1:9"):
        assert "shop.xlsx" in shop.here("plan", "shop.xlsx", code=4, WTSYNC_API_URL=url).stderr
