"""The table of addresses, and for each the few lines between a call and the `Simulator`."""

from __future__ import annotations

from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from sync.simulator import catalogue, views
from sync.simulator.calls import Answer, Call, Operation
from sync.simulator.faults import read_faults
from sync.simulator.image_routes import IMAGE_ROUTES
from sync.simulator.keyword_routes import KEYWORD_ROUTES
from sync.simulator.orders import record_type
from sync.simulator.review_routes import REVIEW_ROUTES
from sync.simulator.web_routes import WEB_ROUTES
from sync.simulator.wire import Fields, Json, Refusal, instant

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def _sign_in(call: Call) -> Answer:
    host = call.headers.get("host", "")
    return Answer(call.simulator.sign_in(call.headers.get("writetextai-token", "").strip(), host))


def _time(call: Call) -> Answer:
    return Answer({"time": instant(call.simulator.now())})  # shape assumed


def _credit(call: Call) -> Answer:
    call.simulator.look()
    return Answer(call.simulator.account.shown())


def _available(call: Call) -> Answer:
    try:
        needed = float(call.path["credits"])
    except ValueError:
        raise Refusal(400, "creditsToConsume must be a number") from None
    call.simulator.check_available(needed)
    return Answer({"isAvailable": True})  # shape assumed


def _data(name: str, call: Call) -> Answer:
    tag = catalogue.etag(name)
    if _unchanged(call, {tag}):
        return Answer(status=304, headers={"ETag": tag})
    return Answer(catalogue.DATA_SETS[name], headers={"ETag": tag})


def _etags(call: Call) -> Answer:
    tags = {name: catalogue.etag(name) for name in catalogue.DATA_SETS}
    return Answer(status=304) if _unchanged(call, set(tags.values())) else Answer(tags)


def _unchanged(call: Call, tags: set[str]) -> bool:
    """Compare with If-None-Match, quoted or not."""
    asked = call.headers.get("if-none-match", "")
    given = {part.strip().removeprefix("W/").strip('"') for part in asked.split(",") if part.strip()}
    return bool(given & {tag.strip('"') for tag in tags})


def _generate(call: Call) -> Answer:
    return Answer(call.simulator.generate(call.json()))


def _list(call: Call) -> Answer:
    simulator = call.simulator
    found = simulator.open_requests()
    if "truncate" in call.faults:
        found = found[: len(found) // 2]
    return Answer([views.request(one, simulator.line, simulator.now(), simulator.user) for one in found])


def _bulk(call: Call) -> Answer:
    simulator = call.simulator
    if "vanish" in call.faults:
        raise Refusal(404, f"There is no request {call.path['id']}")
    one = simulator.find_request(call.path["id"])
    return Answer(views.request(one, simulator.line, simulator.now(), simulator.user))


def _cancel(call: Call) -> Answer:
    call.simulator.cancel(call.path["id"])
    return Answer({})


def _retry(call: Call) -> Answer:
    call.simulator.retry(call.path["id"])
    return Answer({})


def _texts(call: Call) -> Answer:
    call.simulator.look()
    return Answer(views.texts(call.simulator.shelf, call.simulator.desk, call.query))


def _done(view: Callable[..., Json], call: Call) -> Answer:
    """Show what was done to texts; with the fault `lag`, the latest of it is not told yet."""
    until = call.simulator.look() - call.lag
    return Answer(view(call.simulator.shelf, call.query, until))


def _update(call: Call) -> Answer:
    call.simulator.update(call.json())
    return Answer({})


def _archive(call: Call) -> Answer:
    given = Fields(call.object()) if call.body.strip() else call.query
    records = given.many("recordId", "recordIds")
    if not records:
        raise Refusal(400, "recordID is required")
    call.simulator.archive(record_type(given), records)
    return Answer({})


def _ledger(call: Call) -> Answer:
    call.simulator.look()
    return Answer(views.ledger(call.simulator.account.ledger))


def _faults(call: Call) -> Answer:
    return Answer({"faults": call.simulator.faults.shown()})


def _set_faults(call: Call) -> Answer:
    try:
        call.simulator.faults.set(read_faults(call.json()))
    except ValueError as error:
        raise Refusal(400, str(error)) from None
    return _faults(call)


def _state(call: Call) -> Answer:
    return Answer(call.simulator.summary())


def _set_credits(call: Call) -> Answer:
    given = Fields(call.object())
    available = given.whole("available")
    if available is None or available < 0:
        raise Refusal(400, "available must be a whole number of credits, zero or more")
    call.simulator.set_credits(available)
    return _credit(call)


def _edit(call: Call) -> Answer:
    """Change a text as a person does on the service's own screen."""
    call.simulator.edit(call.object())
    return Answer({})


def _ours(work: Callable[[Call], Answer]) -> Operation:
    return Operation("", work, signed=False, internal=True)


_DATA = {
    "Credits": "credits",
    "Rules": "rules",
    "Tones": "tones",
    "Styles": "styles",
    "Audiences": "audiences",
    "TextTypes": "texttypes",  # path assumed
    "FormalLanguages": "formallanguages",
    "FormalLanguageSupport": "formallanguagesupport",
    "disallowedCombinations": "disallowedcombinations",
}
_GENERATE = Operation("generate", _generate)

ROUTES: Mapping[tuple[str, str], Operation] = MappingProxyType(
    {
        ("GET", "/web/apitoken/accesstoken"): Operation("signin", _sign_in, signed=False),
        ("GET", "/web/Token/time"): Operation("time", _time),
        ("GET", "/text/Credit"): Operation("credit", _credit),
        ("GET", "/text/Credit/isAvailable/{credits}"): Operation("available", _available),
        **{("GET", f"/text/Generate/{path}"): Operation("data", partial(_data, name)) for path, name in _DATA.items()},
        ("GET", "/text/Generate/Etags"): Operation("etags", _etags),
        ("POST", "/text/generate"): _GENERATE,
        ("POST", "/text/Generate/v2"): _GENERATE,
        ("GET", "/text/Generate/Bulk"): Operation("list", _list),
        ("GET", "/text/Generate/Bulk/{id}"): Operation("bulk", _bulk),
        ("POST", "/text/Generate/Bulk/{id}/cancel"): Operation("cancel", _cancel),
        ("POST", "/text/Generate/Bulk/{id}/retry"): Operation("retry", _retry),
        ("GET", "/text/Generate"): Operation("texts", _texts),
        ("GET", "/text/Generate/Status"): Operation("status", partial(_done, views.status)),
        ("GET", "/text/Generate/History"): Operation("history", partial(_done, views.history)),
        ("POST", "/text/Generate/text"): Operation("update", _update),
        ("POST", "/text/Generate/archive"): Operation("archive", _archive),
        **IMAGE_ROUTES,
        **REVIEW_ROUTES,
        **WEB_ROUTES,
        **KEYWORD_ROUTES,
        ("GET", "/_simulator/ledger"): _ours(_ledger),
        ("GET", "/_simulator/faults"): _ours(_faults),
        ("POST", "/_simulator/faults"): _ours(_set_faults),
        ("GET", "/_simulator/state"): _ours(_state),
        ("POST", "/_simulator/credits"): _ours(_set_credits),
        ("POST", "/_simulator/edit"): _ours(_edit),
    }
)
