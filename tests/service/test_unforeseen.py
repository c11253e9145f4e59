"""A service that answers in ways nobody foresaw: nothing crashes, and what can still be understood is not lost.

The simulator's real answers are rewritten on the way: new fields, words nobody knows, missing fields, nulls, other
letter case, lists where objects were and the other way round, numbers as words and words as numbers.
"""

from __future__ import annotations

import contextlib
import json
import random
from functools import partial
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from sync.attempt import Sent
from sync.errors import ServiceError
from sync.model import AltTextOrder, ReviewRequest, Upload
from sync.service.endpoints import ENDPOINTS
from tests.service.reads import LANGUAGE, READS, RECORD, STORE, Place, client, furnished
from tests.service.test_calls import is_call
from tests.service.wires import order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sync.service import Service

FEW, MANY = 15, 1_000
"""How many answers of each call are rewritten, each otherwise: as a rule, and when there is time."""
JUNK: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 1e308, 10**40, "", "SomethingNew", "\ud800", "0001-01-01T00:00:00", "9999-99-99",
    [], {}, [None], [[]], [{}], {"new": {"deep": [1, None]}}, "x" * 5000, float("nan"), float("inf"), ["a", "a"],
)  # fmt: skip


def harmless(value: Any, dice: random.Random) -> Any:
    """Add fields and change the letter case of names: whatever was told is still told."""
    if isinstance(value, list):
        return [harmless(one, dice) for one in value]
    if not isinstance(value, dict):
        return value
    changed = {_cased(name, dice): harmless(one, dice) for name, one in value.items()}
    if dice.random() < 0.5:
        changed[f"somethingNew{dice.randrange(100)}"] = {"deep": [1, None]}
    entries = list(changed.items())
    dice.shuffle(entries)
    return dict(entries)


def _cased(name: str, dice: random.Random) -> str:
    return dice.choice((name, name, name.upper(), name.lower(), name.capitalize()))


def changed(value: Any, dice: random.Random, chance: float) -> Any:
    """Change anything, anywhere."""
    if dice.random() < chance:
        return dice.choice((*JUNK, [value], {"value": value}, {"new": value}, str(value), _unlisted(value)))
    if isinstance(value, list):
        return [changed(one, dice, chance) for one in value if dice.random() >= chance / 2]
    if isinstance(value, dict):
        kept = {
            _cased(name, dice): changed(one, dice, chance) for name, one in value.items() if dice.random() >= chance
        }
        return {**kept, "somethingNew": dice.choice(JUNK)} if dice.random() < chance else kept
    return value


def _unlisted(value: Any) -> Any:
    if isinstance(value, list):
        return value[0] if value else {}
    return list(value.values()) if isinstance(value, dict) else value


class Remembering(httpx.BaseTransport):
    """A service in which nothing moves: a read that was answered once is answered so again."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner
        self._known: dict[tuple[str, str], tuple[int, list[tuple[bytes, bytes]], bytes]] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        key = (str(request.url), request.headers.get("if-none-match", ""))
        known = self._known.get(key) if request.method == "GET" else None
        if known is None:
            answer = self._inner.handle_request(request)
            known = (answer.status_code, answer.headers.raw, answer.read())
            if request.method == "GET":
                self._known[key] = known
        return httpx.Response(known[0], headers=known[1], content=known[2])


class Otherwise(httpx.BaseTransport):
    """The simulator, one of whose calls is answered otherwise."""

    def __init__(self, inner: httpx.BaseTransport, name: str, change: Callable[[Any], Any]) -> None:
        self._inner, self._change = inner, change
        self.endpoint = ENDPOINTS[name]
        self.answers = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self._inner.handle_request(request)
        if not is_call(self.endpoint, request.method, request.url.raw_path.decode().partition("?")[0]):
            return answer
        content = answer.read()
        if answer.status_code == 200:
            self.answers += 1
            content = json.dumps(self._change(json.loads(content))).encode()
        kept = {name: value for name, value in answer.headers.items() if name not in {"content-length", "date"}}
        return httpx.Response(answer.status_code, headers=kept, content=content)


@pytest.fixture(scope="module")
def world() -> Iterator[Place]:
    with furnished() as place:
        yield place._replace(transport=Remembering(place.transport))


def test_every_call_that_reads_is_tried() -> None:
    assert set(READS) == {name for name, one in ENDPOINTS.items() if one.method == "GET"}


@pytest.mark.parametrize("name", READS)
@pytest.mark.parametrize("stories", [FEW, pytest.param(MANY, marks=pytest.mark.long)])
def test_nothing_but_an_error_of_ours_comes_of_an_answer_that_nobody_foresaw(
    world: Place, name: str, stories: int
) -> None:
    transport = world.transport
    for story in range(stories):
        dice = random.Random(f"{name}/{story}")
        chance = dice.choice((0.03, 0.1, 0.4))
        line = Otherwise(transport, name, partial(changed, dice=dice, chance=chance))
        with client(line) as service, contextlib.suppress(ServiceError):
            READS[name](service, world)
        assert line.answers, f"{name}, story {story}: the call was not made"


@pytest.mark.parametrize("name", READS)
def test_nothing_is_lost_by_new_fields_and_other_letter_case(world: Place, name: str) -> None:
    transport = world.transport
    with client(transport) as service:
        plain = READS[name](service, world)
    assert plain or name == "sign-in", "there is something that could be lost"
    for story in range(FEW):
        dice = random.Random(f"{name}/{story}")
        line = Otherwise(transport, name, partial(harmless, dice=dice))
        with client(line) as service:
            assert READS[name](service, world) == plain, f"{name}, story {story}"
        assert line.answers


WRITES: dict[str, Callable[[Service], object]] = {
    "upload-image": lambda service: service.images.upload(
        Upload(STORE, "A", "https://shop.example.com/new.jpg", overwrite=True)
    ),
    "review": lambda service: service.reviews.save(
        ReviewRequest(RECORD, (("page title", "t", "Oak"),), "unknown"), at=0.0
    ),
    "choose-audience": lambda service: service.suggestions.choose_audience(RECORD, "Oak stool", "Parents"),
}


@pytest.mark.parametrize("name", WRITES)
def test_a_write_is_done_whatever_its_answer_holds(world: Place, name: str) -> None:
    transport = world.transport
    for story in range(FEW):
        dice = random.Random(f"{name}/{story}")
        line = Otherwise(transport, name, partial(changed, dice=dice, chance=0.4))
        with client(line) as service, contextlib.suppress(ServiceError):
            WRITES[name](service)


@pytest.mark.parametrize("name", ["generate", "generate-alt-texts"])
def test_what_costs_is_told_and_never_raised_whatever_its_answer_holds(world: Place, name: str) -> None:
    transport = world.transport
    for story in range(FEW):
        dice = random.Random(f"{name}/{story}")
        line = Otherwise(transport, name, partial(changed, dice=dice, chance=0.4))
        with client(line) as service:
            if name == "generate":
                attempt = service.generate(order("R"))
            else:
                attempt = service.images.generate_alt_texts(AltTextOrder(STORE, LANGUAGE, (("A", ""),)))
        assert (attempt.sent, attempt.status, line.answers) == (Sent.LEFT, 200, 1), f"{name}, story {story}"
        assert attempt.body is not None or attempt.exception or attempt.request_id == "", f"{name}, story {story}"
