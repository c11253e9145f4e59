"""What every answer to an order means. Only two of them let it go out again without asking."""

from __future__ import annotations

import pytest

from sync.attempt import Attempt, Sent
from sync.model import RemoteText
from sync.run.classify import Verdict, classify
from tests.nouns import text_key

TEXT = RemoteText(text_key(), "t1", "words")
AGAIN = {Verdict.NOT_SENT, Verdict.SIGN_IN, Verdict.WAIT}


@pytest.mark.parametrize(
    ("attempt", "verdict"),
    [
        (Attempt(Sent.NOT_LEFT, exception="ConnectError"), Verdict.NOT_SENT),
        (Attempt(Sent.PARTIAL, exception="WriteError"), Verdict.UNKNOWN),
        (Attempt(Sent.LEFT, exception="ReadTimeout"), Verdict.UNKNOWN),
        (Attempt(Sent.LEFT), Verdict.UNKNOWN),
        (Attempt(Sent.LEFT, 200, request_id="r1"), Verdict.ACCEPTED),
        (Attempt(Sent.LEFT, 202, request_id="r1"), Verdict.ACCEPTED),
        (Attempt(Sent.LEFT, 200, texts=(TEXT,)), Verdict.ACCEPTED),
        (Attempt(Sent.LEFT, 200), Verdict.UNKNOWN),
        (Attempt(Sent.LEFT, 204), Verdict.UNKNOWN),
        (Attempt(Sent.LEFT, 200, exception="unreadable answer: it is not JSON"), Verdict.UNKNOWN),
        (Attempt(Sent.LEFT, 301), Verdict.REFUSED),
        (Attempt(Sent.LEFT, 307), Verdict.REFUSED),
        (Attempt(Sent.LEFT, 401), Verdict.SIGN_IN),
        (Attempt(Sent.LEFT, 402), Verdict.NO_CREDITS),
        (Attempt(Sent.LEFT, 400, error="Not enough Credits"), Verdict.NO_CREDITS),
        (Attempt(Sent.LEFT, 403, error="no credits left"), Verdict.NO_CREDITS),
        *((Attempt(Sent.LEFT, status), Verdict.REFUSED) for status in (400, 403, 404, 405, 413, 414, 415, 422)),
        (Attempt(Sent.LEFT, 429), Verdict.WAIT),
        *((Attempt(Sent.LEFT, status), Verdict.UNKNOWN) for status in (408, 409, 418, 499, 500, 502, 503, 504, 599)),
        (Attempt(Sent.LEFT, 503, retry_after=5.0), Verdict.UNKNOWN),
        (Attempt(Sent.LEFT, 100), Verdict.UNKNOWN),
    ],
)
def test_an_answer_means(attempt: Attempt, verdict: Verdict) -> None:
    found = classify(attempt)
    assert found.verdict is verdict
    assert found.reason or verdict is Verdict.ACCEPTED, "whatever did not go well has a reason"


@pytest.mark.parametrize(
    ("attempt", "reason"),
    [
        (Attempt(Sent.NOT_LEFT), "no connection"),
        (Attempt(Sent.NOT_LEFT, exception="ConnectError"), "ConnectError"),
        (Attempt(Sent.LEFT), "no answer came"),
        (Attempt(Sent.LEFT, exception="ReadTimeout"), "ReadTimeout"),
        (Attempt(Sent.LEFT, 200), "the answer names no request and holds no text"),
        (Attempt(Sent.LEFT, 200, exception="not JSON"), "not JSON"),
        (Attempt(Sent.LEFT, 200, request_id="r1"), ""),
        (Attempt(Sent.LEFT, 500), "status 500"),
    ],
)
def test_what_went_wrong_is_said_in_the_words_there_are(attempt: Attempt, reason: str) -> None:
    assert classify(attempt).reason == reason


@pytest.mark.parametrize("status", range(200, 300))
def test_every_success_that_names_a_request_is_one(status: int) -> None:
    assert classify(Attempt(Sent.LEFT, status, request_id="r1")).verdict is Verdict.ACCEPTED


@pytest.mark.parametrize("status", [300, 301, 302, 307, 308, 399])
def test_whatever_sends_us_elsewhere_is_not_followed_and_says_so(status: int) -> None:
    found = classify(Attempt(Sent.LEFT, status, error="moved"))
    assert found.verdict is Verdict.REFUSED
    assert found.reason == f"the service sends us elsewhere (status {status}), which is never followed"


@pytest.mark.parametrize("sent", [Sent.LEFT, Sent.PARTIAL])
def test_of_all_answers_only_401_and_429_let_an_order_go_out_again_by_itself(sent: Sent) -> None:
    again = {status for status in range(100, 600) if classify(Attempt(sent, status)).verdict in AGAIN}
    assert again == {401, 429}


def test_what_goes_with_an_answer_goes_on() -> None:
    accepted = classify(Attempt(Sent.LEFT, 200, request_id="r1", texts=(TEXT,)))
    assert (accepted.request_id, accepted.texts) == ("r1", (TEXT,))
    assert classify(Attempt(Sent.LEFT, 429, retry_after=7.0)).retry_after == 7.0
    assert classify(Attempt(Sent.LEFT, 422, error="the name is too long")).reason == "the name is too long"
