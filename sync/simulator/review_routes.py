"""The addresses of reviews, suggestions and template settings."""

from __future__ import annotations

from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from sync.simulator import reviews, suggesting
from sync.simulator.calls import Answer, Call, Operation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sync.simulator.service import Simulator
    from sync.simulator.wire import Fields, Json


def _language(call: Call) -> str:
    """Read the first language that the caller would like."""
    return call.headers.get("accept-language", "").partition(",")[0].partition(";")[0].strip()


def _reviews(call: Call) -> Answer:
    call.simulator.look()
    return Answer(reviews.of_record(call.simulator.desk, call.query))


def _status(call: Call) -> Answer:
    call.simulator.look()
    return Answer(reviews.status(call.simulator.desk, call.query))


def _submit(call: Call) -> Answer:
    return Answer(reviews.submit(call.simulator, call.json(), _language(call)))


def _suggest(work: Callable[[Simulator, Fields, str], Json], call: Call) -> Answer:
    return Answer(work(call.simulator, call.query, _language(call)))


def _choose(kind: str, call: Call) -> Answer:
    suggesting.choose(call.simulator, kind, call.json())
    return Answer({})


def _templates(call: Call) -> Answer:
    return Answer(suggesting.templates(call.simulator, call.query))


def _choose_template(call: Call) -> Answer:
    suggesting.choose_template(call.simulator, call.json())
    return Answer({})


def _ask(call: Call) -> Answer:
    """Ask for a change as an editor does on the service's own screen."""
    return Answer(reviews.ask(call.simulator, call.object()))


REVIEW_ROUTES: Mapping[tuple[str, str], Operation] = MappingProxyType(
    {
        ("GET", "/text/Review"): Operation("reviews", _reviews),
        ("GET", "/text/Review/Status"): Operation("review-status", _status),
        ("POST", "/text/Review"): Operation("review", _submit),
        ("GET", "/text/Suggestion/Audience"): Operation("suggestions", partial(_suggest, suggesting.audiences)),
        ("POST", "/text/Suggestion/Audience"): Operation("choose", partial(_choose, suggesting.AUDIENCE)),
        ("GET", "/text/Suggestion/Keywords"): Operation("suggestions", partial(_suggest, suggesting.keywords)),
        ("POST", "/text/Suggestion/Keywords"): Operation("choose", partial(_choose, suggesting.KEYWORDS)),
        ("GET", "/text/TemplateSettings"): Operation("templates", _templates),  # assumed, as all of it
        ("POST", "/text/TemplateSettings"): Operation("choose", _choose_template),
        ("POST", "/_simulator/review"): Operation("", _ask, signed=False, internal=True),
    }
)
