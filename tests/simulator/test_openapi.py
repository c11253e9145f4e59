"""The simulator against its own description: schemathesis makes up calls, good and bad ones, and checks the answers.

No answer is a 500, none has a status that is not described, each has the described shape. Half of the ids that are made
up give way to ids that are there, so that calls get past "there is no such thing".
"""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from sync.service.endpoints import ENDPOINTS
from sync.service.openapi import description
from sync.service.parameters import ABSENT, BODIES, QUERIES
from sync.simulator import DEFAULT_KEY, read_faults, running
from sync.simulator.routes import ROUTES
from tests.service.reads import IDS, LANGUAGE, STORE, furnished

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from schemathesis import APIOperation, Case

    from tests.service.reads import Place

CHECKS: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    response_schema_conformance,
    content_type_conformance,
]
AWKWARD: tuple[Any, ...] = (
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.999-14:00", "2026-13-40", "x" * 10_000, "a,b,,c", "%00%ff/..",
    "\u202e\u0000", "1e400", 10**40, -1, "Ünïcødé \U0001f600", "data:image/png;base64,AAAA", "[fail]",
)  # fmt: skip
"""What nobody would think of, wherever a text or a whole number goes."""
QUICK = (
    "credit-available", "status", "history", "image", "images", "upload-image", "alt-text", "archive", "reviews",
    "review-status", "suggested-keywords", "choose-template", "keyword-states", "keyword-result", "lock-pipeline",
)  # fmt: skip
"""Calls for which a schema is quick to make up: a few of each kind, for every day."""
OTHER_SPELLING = {("POST", "/text/generate/v2")}
"""Addresses that the simulator knows beside the table, because the vendor's plugin calls them."""


def operations() -> dict[str, APIOperation[Any, Any, Any, Any]]:
    schema = schemathesis.openapi.from_dict(description())
    found = [one.ok() for one in schema.get_all_operations() if isinstance(one, Ok)]
    return {str(one.definition.raw["operationId"]): one for one in found}


def known(place: Place) -> Mapping[str, Sequence[str]]:
    """Ids that are there, by the names under which calls ask for them."""
    boards = place.simulator.keywords.optimizations.values()
    lines = [line for one in boards for line in one.lines]
    alts = [alt.id for one in place.simulator.gallery.pictures.values() for alt in one.alts.values()]
    return {
        "recordid": IDS,
        "recordids": IDS,
        "storeid": [STORE],
        "language": [LANGUAGE],
        "languagecode": ["en"],
        "imageid": ["A", "B"],
        "images": ["A", "B"],
        "textid": [*place.simulator.shelf.by_id, *alts],
        "pipelineid": lines,
        "snapshotid": [place.snapshot],
        "id": [place.request, place.snapshot, *lines, *place.simulator.desk.reviews],
        "url": ["https://shop.example.com/a.jpg"],
        "imagedata": ["data:image/png;base64,iVBORw0KGgo="],
    }


def acquainted(value: Any, names: Mapping[str, Sequence[str]], dice: random.Random, name: str = "") -> Any:
    """Put ids that are there in the place of half of those that were made up, and now and then something awkward."""
    if isinstance(value, dict):
        return {key: acquainted(one, names, dice, str(key).casefold()) for key, one in value.items()}
    if isinstance(value, list):
        return [acquainted(one, names, dice, name) for one in value]
    if isinstance(value, str) and name in names and dice.random() < 0.5:
        return dice.choice(names[name])
    return dice.choice(AWKWARD) if isinstance(value, (str, int)) and dice.random() < 0.03 else value


@dataclass
class Caller:
    """Makes calls up, sends them over HTTP and checks what is answered."""

    url: str
    headers: Mapping[str, str]
    names: Mapping[str, Sequence[str]]
    session: requests.Session
    made: Counter[str] = field(default_factory=Counter)
    answers: Counter[int] = field(default_factory=Counter)

    def try_out(self, name: str, operation: APIOperation[Any, Any, Any, Any], examples: int) -> None:
        """Make up so many calls of an operation, or as many as there can be; half of them are to be wrong."""
        takes = name in QUERIES or name in BODIES
        modes = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE] if takes else [GenerationMode.POSITIVE]

        @given(case=st.one_of([operation.as_strategy(generation_mode=mode) for mode in modes]))
        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def call(case: Case[Any]) -> None:
            self._call(name, case)

        call()

    @classmethod
    def at(cls, place: Place, url: str, session: requests.Session) -> Self:
        """Make one that is signed in."""
        token = place.simulator.sign_in(DEFAULT_KEY, "")["access_token"]
        headers = {"WriteTextAI-Token": DEFAULT_KEY, "Authorization": f"Bearer {token}"}
        return cls(url, headers, known(place), session)

    def _call(self, name: str, case: Case[Any]) -> None:
        dice = random.Random(repr((case.path_parameters, case.query, case.body)))
        case.body = acquainted(case.body, self.names, dice)
        case.query = acquainted(case.query, self.names, dice)
        case.path_parameters = acquainted(case.path_parameters, self.names, dice)
        answer = case.call(base_url=self.url, session=self.session, headers=dict(self.headers))
        self.made[name] += 1
        self.answers[answer.status_code] += 1
        case.validate_response(answer, checks=CHECKS)


@pytest.mark.parametrize(
    ("names", "examples", "least"),
    [(QUICK, 5, 60), pytest.param(tuple(ENDPOINTS), 45, 2_000, marks=pytest.mark.long)],
)
def test_made_up_calls_are_answered_as_described(names: tuple[str, ...], examples: int, least: int) -> None:
    with furnished() as place, running(place.simulator) as url, requests.Session() as session:
        caller = Caller.at(place, url, session)
        every = operations()
        for name in names:
            caller.try_out(name, every[name], examples)
    print(f"{caller.made.total()} calls of {len(caller.made)} operations: {dict(caller.answers)}")  # noqa: T201
    assert {200, 400, 404} <= set(caller.answers), "calls that are good, wrong, and about what is not there"
    assert set(caller.made) == set(names)
    assert caller.made.total() >= least


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("500:on=image", "Server error"),
        ("409:on=image", "Undocumented status code"),
        ("garbage:on=image", "[Cc]ontent"),
    ],
)
def test_an_answer_that_is_not_as_described_is_caught(fault: str, said: str) -> None:
    with furnished() as place, running(place.simulator) as url, requests.Session() as session:
        caller = Caller.at(place, url, session)
        place.simulator.faults.set(read_faults(fault))
        with pytest.raises(FailureGroup, match=said):
            caller.try_out("image", operations()["image"], 5)


def test_every_call_is_described_and_every_address_of_the_service() -> None:
    assert set(operations()) == set(ENDPOINTS)
    described = {(one.method, re.sub(r"\{\w+\}", "{}", one.path.lower())) for one in ENDPOINTS.values()}
    answered = {
        (method, re.sub(r"\{\w+\}", "{}", path.lower())) for (method, path), one in ROUTES.items() if not one.internal
    }
    assert answered - OTHER_SPELLING == described


def test_the_tables_of_parameters_name_calls_that_there_are() -> None:
    assert set(QUERIES) | set(BODIES) | ABSENT <= set(ENDPOINTS)
    assert all(ENDPOINTS[name].method in {"POST", "PUT"} for name in BODIES)
