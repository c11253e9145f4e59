"""Writes docs/api-coverage.md from the table of calls: `python -m tests.service.coverage`, or `make coverage-page`.

Which module makes a call is read from the sources, which test answers for it from the marks of the tests.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from sync.service.endpoint import Source
from sync.service.endpoints import ENDPOINTS
from tests.service import test_calls

if TYPE_CHECKING:
    from sync.service.endpoint import Endpoint

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "api-coverage.md"
_CALLS = frozenset({"get_json", "write", "_write", "submit", "pages", "get", "_list", "_extra", "_ask"})
_ASIDE = frozenset({"shapes", "probing", "parameters", "openapi"})
_HEAD = """# The calls of the service

Written by `make coverage-page` from the table of calls (`sync/service/endpoints.py`). A test sees to it that the page
is up to date, that no row is open, and that each test named here makes its call over HTTP and has it answered by the
simulator.

*Source* says how a call is known: `documented` on the vendor's pages, `seen` in the vendor's own plugin, `assumed`
because neither shows it. *Cost* is `free`, or what is known of the price of a call that costs credits or may. Such a
call is sent once and never repeated by itself. *Paging* and *caching* name how a long answer is cut up and an unchanged
one recognised. The test is one of [tests/service/test_calls.py](../tests/service/test_calls.py).

| Call | Method and path | Source | Cost | Paging | Caching | Module | Test |
|---|---|---|---|---|---|---|---|
"""
_NOTES = """
## What is not certain

What else about a call is assumed, or seen in one place only. `wtsync doctor --live` compares the free reads with it.

"""


def modules() -> dict[str, tuple[str, ...]]:
    """Find out which modules of the client make each call, from the names that they call by."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for path in sorted((ROOT / "sync" / "service").glob("*.py")):
        if path.stem in _ASIDE or path.stem.endswith(("endpoint", "endpoints")):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            for name in _named(node):
                found[name].add(f"sync.service.{path.stem}")
    return {name: tuple(sorted(found[name])) for name in ENDPOINTS}


def _named(node: ast.AST) -> set[str]:
    """Return the calls that one expression names: as an argument of what makes calls, or as an entry of the table."""
    if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "ENDPOINTS":
        return {str(one.value) for one in [node.slice] if isinstance(one, ast.Constant)}
    if not isinstance(node, ast.Call):
        return set()
    called = ast.unparse(node.func)
    if called.rpartition(".")[2] not in _CALLS or (called.endswith(".get") and not called.endswith("session.get")):
        return set()
    return {str(one.value) for one in node.args if isinstance(one, ast.Constant) and one.value in ENDPOINTS}


def answering() -> dict[str, str]:
    """Find the test that answers for each call, by its mark `endpoint`."""
    found = {}
    for mark in test_calls.test_the_simulator_answers_the_call.pytestmark:  # type: ignore[attr-defined]
        for case in mark.args[1]:
            for one in case.marks:
                found[str(one.args[0])] = f"{test_calls.test_the_simulator_answers_the_call.__name__}[{case.values[0]}]"
    return found


def page() -> str:
    """Return the page."""
    served, answered = modules(), answering()
    rows = "".join(_row(one, served[name], answered.get(name, "")) for name, one in ENDPOINTS.items())
    counts = {source: sum(one.source is source for one in ENDPOINTS.values()) for source in Source}
    summed = ", ".join(f"{count} {source}" for source, count in counts.items())
    notes = "".join(f"- **{name}**: {one.note}\n" for name, one in ENDPOINTS.items() if one.note)
    return f"{_HEAD}{rows}\n{len(ENDPOINTS)} calls: {summed}.\n{_NOTES}{notes}"


def _row(one: Endpoint, served: tuple[str, ...], test: str) -> str:
    cost = one.cost or ("credits" if one.billable else "free")
    parts = (
        f"`{one.name}`",
        f"{one.method} {one.path}",
        str(one.source),
        cost,
        str(one.paging) or "none",
        str(one.caching) or "none",
        ", ".join(f"`{module}`" for module in served),
        f"`{test}`" if test else "",
    )
    return f"| {' | '.join(parts)} |\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
