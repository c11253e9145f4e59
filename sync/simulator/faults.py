"""Faults on request: what goes wrong, how often, and where.

A specification is a list of faults separated by `;`, each a kind, a colon and options separated by `,`:

    lost:p=0.05,on=generate;429:p=0.1,retry_after=2;fail:p=0.02

| kind | what happens |
|---|---|
| `refuse` | 503 before anything took effect |
| `reset` | the connection is dropped before anything took effect |
| `lost` | the request takes effect, then the connection is dropped without an answer |
| `cut` | the request takes effect, then the answer breaks off in the middle |
| `garbage` | the request takes effect, the answer is 200 with a page of HTML |
| a status (see STATUSES) | this status; `effect=yes` lets the request work first |
| `slow` | waits `seconds`, then works as usual |
| `late` | works at once, answers after `seconds` |
| `twice` | the request takes effect twice; the second answer is given (default `on=generate`) |
| `truncate` | the list of requests leaves out about half of its entries, at least one |
| `vanish` | 404 for a request that exists |
| `lag` | Status (or, with `on=`, `history` or `keywords-list`) tells of what was done only after `seconds` |
| `fail` | a record fails: no text, no charge; an image gets no alt text |
| `empty` | a record's texts are empty, and charged |
| `timeout` | a queued request stops half-way as TimedOut |

| option | meaning |
|---|---|
| `p` | chance for each match, above 0 and up to 1 (default 1) |
| `count` | happens at most so many times |
| `after` | leaves the first so many matches alone |
| `on` | an operation (see OPERATIONS) or, beginning with `/`, the start of a path |
| `method` | `GET`, `POST`, `PUT` or `DELETE` |
| `seconds` | for `slow`, `late` and `lag` (default 1) |
| `retry_after` | seconds in a `Retry-After` header, for statuses and `refuse` |
| `effect` | `yes` or `no` (default), for statuses |

What is drawn depends only on the seed and on the matches so far. Counts start again when the simulator does.
For `fail` and `empty` a match is a record (or an image to be described), for `timeout` a queued request, otherwise a
call.
"""

from __future__ import annotations

import random
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

STATUSES = ("400", "401", "402", "403", "404", "408", "409", "413", "414", "429", "500", "502", "503", "504")
CALL_KINDS = ("refuse", "reset", "lost", "cut", "garbage", *STATUSES, "slow", "late", "twice")
VIEW_KINDS = {"truncate": "list", "vanish": "bulk", "lag": "status"}
WORK_KINDS = ("fail", "empty", "timeout")
KINDS = (*CALL_KINDS, *VIEW_KINDS, *WORK_KINDS)
OPERATIONS = (
    "signin", "time", "regions", "ping", "credit", "available", "data", "etags",
    "generate", "list", "bulk", "cancel", "retry", "texts", "status", "history", "update", "archive",
    "reviews", "review-status", "review", "suggestions", "choose", "templates",
    "user-token", "account", "decline", "advert", "statistics",
    "image", "images", "upload", "alt-text", "alt-texts", "describe",
    "keywords", "keywords-list", "keywords-start", "keywords-write", "keyword-states", "manual-keywords", "snapshot",
)  # fmt: skip
_OPTIONS = ("p", "count", "after", "on", "method", "seconds", "retry_after", "effect")


@dataclass(frozen=True, slots=True)
class Fault:
    """One rule: a kind and where, how often and how it strikes."""

    kind: str
    p: float = 1.0
    count: int | None = None
    after: int = 0
    on: str = ""
    method: str = ""
    seconds: float = 1.0
    retry_after: float | None = None
    effect: bool = False

    def matches(self, operation: str, method: str, path: str) -> bool:
        """Tell whether a call is one this fault is about."""
        if self.method and self.method != method:
            return False
        if self.on.startswith("/"):
            return path.lower().startswith(self.on.lower())
        return not self.on or self.on == operation


@dataclass
class Faults:
    """The rules in force, and how often each has matched and struck."""

    seed: int = 0
    rules: tuple[Fault, ...] = ()
    matched: list[int] = field(default_factory=list)
    struck: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.set(self.rules)

    def set(self, rules: Iterable[Fault]) -> None:
        """Replace all rules and start counting and drawing anew."""
        self.rules = tuple(rules)
        self.matched = [0] * len(self.rules)
        self.struck = [0] * len(self.rules)
        self._draws = random.Random(f"{self.seed}/faults")  # noqa: S311 - repeatable on purpose

    def call(self, operation: str, method: str, path: str) -> list[Fault]:
        """Return the faults that strike this call, in the order of the rules."""
        return [
            rule
            for place, rule in enumerate(self.rules)
            if rule.kind not in WORK_KINDS and rule.matches(operation, method, path) and self._strikes(place)
        ]

    def work(self, kind: str) -> bool:
        """Tell whether a record fails or stays empty, or a request times out."""
        struck = [self._strikes(place) for place, rule in enumerate(self.rules) if rule.kind == kind]
        return any(struck)

    def shown(self) -> list[dict[str, Any]]:
        """Return the rules as JSON, with how often each struck."""
        return [{**asdict(rule), "struck": self.struck[place]} for place, rule in enumerate(self.rules)]

    def _strikes(self, place: int) -> bool:
        rule = self.rules[place]
        self.matched[place] += 1
        if self.matched[place] <= rule.after:
            return False
        if rule.count is not None and self.struck[place] >= rule.count:
            return False
        if self._draws.random() >= rule.p:
            return False
        self.struck[place] += 1
        return True


def read_faults(given: object) -> tuple[Fault, ...]:
    """Read a specification: a string, a list of objects with the same names, or `{"spec": …}`/`{"faults": …}`.

    Raises ValueError naming the part that cannot be read and what is known instead.
    """
    if given is None:
        return ()
    if isinstance(given, str):
        parts = [part.strip() for part in given.split(";")]
        return tuple(_read_part(part) for part in parts if part)
    if isinstance(given, dict):
        if "kind" in given:
            return (_from_options(given, str(given)),)
        for name in ("spec", "faults"):
            if name in given:
                return read_faults(given[name])
    if isinstance(given, list | tuple):
        return tuple(_read_one(one) for one in given)
    raise _bad(str(given), "is no list of faults")


def _read_one(given: object) -> Fault:
    if isinstance(given, Fault):
        return given
    if isinstance(given, dict):
        return _from_options(given, str(given))
    raise _bad(str(given), "is not an object with a kind")


def _bad(part: str, why: str) -> ValueError:
    return ValueError(f"fault {part[:80]!r} {why}")


def _read_part(part: str) -> Fault:
    kind, _, rest = part.partition(":")
    options: dict[str, object] = {"kind": kind}
    for option in filter(None, (one.strip() for one in rest.split(","))):
        name, equals, value = option.partition("=")
        if not equals:
            raise _bad(part, f"has an option without a value: {option!r}")
        options[name.strip()] = value.strip()
    return _from_options(options, part)


def _from_options(given: Mapping[str, Any], part: str) -> Fault:
    kind = str(given.get("kind", "")).strip().lower()
    if kind not in KINDS:
        raise _bad(part, f"is of an unknown kind; known are {', '.join(KINDS)}")
    options = {name: value for name, value in given.items() if name not in {"kind", "struck"}}
    for name in options:
        if name not in _OPTIONS:
            raise _bad(part, f"has an unknown option {name!r}; known are {', '.join(_OPTIONS)}")
    try:
        fault = _build(kind, {name: value for name, value in options.items() if value is not None})
    except (TypeError, ValueError):
        raise _bad(part, "has a value that is not a number where one is needed") from None
    return _checked(fault, part)


def _build(kind: str, options: Mapping[str, Any]) -> Fault:
    default_on = {**VIEW_KINDS, "twice": "generate"}.get(kind, "")
    retry_after = options.get("retry_after")
    count = options.get("count")
    return Fault(
        kind=kind,
        p=float(options.get("p", 1.0)),
        count=None if count is None else int(count),
        after=int(options.get("after", 0)),
        on=str(options.get("on") or default_on).lower(),
        method=str(options.get("method", "")).upper(),
        seconds=float(options.get("seconds", 1.0)),
        retry_after=None if retry_after is None else float(retry_after),
        effect=str(options.get("effect", "no")).lower() in {"yes", "true", "1"},
    )


def _checked(fault: Fault, part: str) -> Fault:
    if not 0 < fault.p <= 1:
        raise _bad(part, "needs p above 0 and at most 1")
    if fault.seconds < 0 or fault.after < 0 or (fault.count is not None and fault.count < 0):
        raise _bad(part, "has a number below zero")
    if fault.on and not fault.on.startswith("/") and fault.on not in OPERATIONS:
        raise _bad(part, f"has an unknown operation {fault.on!r}; known are {', '.join(OPERATIONS)}, or a path")
    if fault.method not in {"", "GET", "POST", "PUT", "DELETE"}:
        raise _bad(part, "knows the methods GET, POST, PUT and DELETE only")
    return fault
