"""A description of the simulated service in OpenAPI 3.1, made from the tables of calls, parameters and shapes. Pure.

It says what the simulator does, which is what we take the service to do; it is not the vendor's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync import __version__
from sync.service.endpoint import Caching
from sync.service.endpoints import ENDPOINTS
from sync.service.parameters import ABSENT, BODIES, QUERIES
from sync.service.shapes import SHAPES

if TYPE_CHECKING:
    from sync.service.endpoint import Endpoint
    from sync.service.shapes import Shape

Json = dict[str, object]

_TEXT_TYPES = (
    "page title",
    "page description",
    "product description",
    "excerpt",
    "open graph text",
    "category page title",
    "category page description",
    "category description",
    "category open graph text",
)
_WORDS: dict[str, Json] = {
    "any": {},
    "text": {"type": "string"},
    "number": {"type": "number"},
    "whole": {"type": "integer"},
    "yes/no": {"type": "boolean"},
    "flag": {"type": "boolean"},
    "time": {"type": "string", "format": "date-time"},
    "record type": {"type": "string", "enum": ["Product", "Category"]},
    "text type": {"type": "string", "enum": list(_TEXT_TYPES)},
    "state": {"type": "string", "enum": ["Generated", "Edited", "Reviewed", "Transferred"]},
    "wish": {"type": "string", "enum": ["EditForRewrite", "EditForCorrection", "EditForRewriteAndCorrection"]},
    "optimization state": {"type": "string", "enum": ["Pending", "InProgress", "Completed", "Failed", "Manual"]},
    "keyword state": {"type": "string", "enum": ["ForGeneration", "Generated", "Published"]},
    "tone": {"type": "string", "enum": ["Formal", "Friendly", "Informational", "Technical", "Witty"]},
    "style": {"type": "string", "enum": ["Concise", "Descriptive"]},
}
_SAID = {
    200: "As asked.",
    304: "Unchanged since the ETag that was sent along.",
    400: "Something about the call is wrong; `error` says what.",
    401: "The token or the key is missing, wrong or no longer good.",
    402: "There are not enough credits.",
    404: "What the call names is not there.",
}
_ERROR: Json = {"type": "object", "properties": {"error": {"type": "string"}}, "required": ["error"]}


def description() -> Json:
    """Return the description, fit to be written as JSON."""
    paths: dict[str, Json] = {}
    spelled: dict[str, str] = {}
    for endpoint in ENDPOINTS.values():
        path = spelled.setdefault(endpoint.path.casefold(), endpoint.path)
        paths.setdefault(path, {})[endpoint.method.lower()] = _operation(endpoint)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "WriteText.ai, as wtsync simulates it",
            "version": __version__,
            "description": "Made from wtsync's own tables. What is assumed of the service is said with each call.",
        },
        "paths": paths,
        "components": {
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "key": {"type": "apiKey", "in": "header", "name": "WriteTextAI-Token"},
            }
        },
    }


def schema(shape: Shape, *, answered: bool = False) -> Json:
    """Return the JSON schema of a shape. Further fields are always allowed.

    What may be missing from an answer may also be null there. In what is sent, null is possible as well, but nobody
    needs to know.
    """
    if isinstance(shape, list):
        return {"type": "array", "items": schema(shape[0], answered=answered)}
    if isinstance(shape, str):
        return dict(_WORDS[shape])
    named = {name: one for name, one in shape.items() if name != "*"}
    made: Json = {"type": "object"}
    if named:
        made["properties"] = {
            name.removesuffix("?"): _nullable(schema(one, answered=answered), given=answered and name.endswith("?"))
            for name, one in named.items()
        }
    if needed := [name for name in named if not name.endswith("?")]:
        made["required"] = needed
    if "*" in shape:
        made["additionalProperties"] = schema(shape["*"], answered=answered)
    return made


def _nullable(made: Json, *, given: bool) -> Json:
    return {"anyOf": [made, {"type": "null"}]} if made and given else made


def statuses(endpoint: Endpoint) -> tuple[int, ...]:
    """Return the statuses with which the simulator answers a call, when no fault was asked for."""
    name = endpoint.name
    takes = name in QUERIES or name in BODIES or "{" in endpoint.path
    found = {
        200: True,
        304: endpoint.caching is Caching.ETAG or name == "etags",
        400: takes,
        401: not endpoint.open,
        402: endpoint.billable,
        404: name in ABSENT,
    }
    return tuple(status for status, given in found.items() if given)


def _operation(endpoint: Endpoint) -> Json:
    name = endpoint.name
    made: Json = {
        "operationId": name,
        "summary": name.replace("-", " "),
        "description": " ".join(part for part in (f"Source: {endpoint.source}.", endpoint.note) if part),
        "parameters": _parameters(endpoint),
        "responses": {str(status): _response(endpoint, status) for status in statuses(endpoint)},
    }
    if name in BODIES:
        made["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema(BODIES[name])}}}
    if not endpoint.open:
        made["security"] = [{"key" if name == "sign-in" else "token": []}]
    return made


def _parameters(endpoint: Endpoint) -> list[Json]:
    kind = "number" if endpoint.name == "credit-available" else "text"
    found: list[Json] = []
    if "{id}" in endpoint.path:
        found.append({"name": "id", "in": "path", "required": True, "schema": schema(kind)})
    for name, shape in QUERIES.get(endpoint.name, {}).items():
        plain = name.removesuffix("?")
        found.append({"name": plain, "in": "query", "required": plain == name, "schema": schema(shape)})
    return found


def _response(endpoint: Endpoint, status: int) -> Json:
    said: Json = {"description": _SAID[status]}
    if status == 200:
        shape = SHAPES.get(endpoint.name, "any")
        return {**said, "content": {"application/json": {"schema": schema(shape, answered=True)}}}
    if status >= 400:
        return {**said, "content": {"application/json": {"schema": _ERROR}}}
    return said
