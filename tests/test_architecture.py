"""The map of the house: which part may import which, and which library lives where. Read from the sources."""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SYNC = ROOT / "sync"

# What each part may import of ours, beside itself. A part is a module or a package right under `sync`.
MAY_IMPORT: dict[str, str] = {
    # the nouns
    "model": "",
    "errors": "model",
    "batch": "model",
    "attempt": "model",
    "tables": "",
    "counts": "",
    # the pure heart: values in, values out
    "estimate": "model",
    "packing": "model",
    "verdict": "model",
    "pushes": "model verdict",
    "rewriting": "model estimate verdict",
    "imitating": "model estimate verdict",
    "outstanding": "model verdict pushes",
    "diff": "model estimate verdict pushes outstanding rewriting imitating packing",
    "keywording": "model estimate verdict packing",
    "preference": "model diff packing",
    "plan": "counts model estimate diff packing",
    "uploads": "model",
    "selection": "model tables packing",
    "provenance": "model tables",
    "noting": "model provenance",
    "agreed": "model provenance",
    "planfile": "model plan report",
    "approval": "model plan",
    "records": "model tables workbook.layout",
    "sheets": "model workbook.layout",
    "keyword_sheets": "counts model report sheets workbook.layout",
    "reviewing": "counts model report sheets workbook.layout",
    "suggesting": "counts model report sheets keyword_sheets workbook.layout",
    "report": "counts model batch plan",
    "projection": "model diff records report",
    # the edges
    "workbook": "model errors tables",
    "service": "model errors attempt",
    "journal": "model errors batch",
    "exports": "model errors workbook",
    "simulator": "",
    "pictures": "errors",
    # the run meets the edges through protocols of its own
    "run": "model errors batch attempt plan estimate uploads keywording counts",
    # the commands put everything together
    "cli": "model errors batch attempt tables estimate diff plan records report projection workbook service journal"
           " exports simulator run selection preference keywording planfile approval provenance noting agreed sheets"
           " keyword_sheets pictures uploads reviewing suggesting counts",
    # the same from Python
    "library": "model errors records workbook selection plan cli",
    "__main__": "cli",
    "__init__": "",
}  # fmt: skip

PURE = (
    "model",
    "errors",
    "batch",
    "attempt",
    "tables",
    "counts",
    "estimate",
    "packing",
    "verdict",
    "pushes",
    "diff",
    "keywording",
    "preference",
    "plan",
    "planfile",
    "approval",
    "uploads",
    "selection",
    "provenance",
    "noting",
    "agreed",
    "projection",
    "records",
    "sheets",
    "keyword_sheets",
    "reviewing",
    "suggesting",
    "report",
)

# Where each library that touches the world may be named.
HOMES: dict[str, str] = {
    "sqlite3": "sync.journal",
    "filelock": "sync.journal",
    "httpx": "sync.service sync.simulator.app",
    "openpyxl": "sync.workbook.template",
    "polars": "sync.workbook.grid sync.exports",
    "fastexcel": "sync.workbook.grid",
    "ctypes": "sync.workbook.memory",
    "click": "sync.cli",
    "tqdm": "sync.cli",
    "starlette": "sync.simulator",
    "uvicorn": "sync.simulator",
    "platformdirs": "sync.journal sync.service",
}

# What the standard library offers for reaching the world, none of which a pure module names.
WORLDLY = {
    "os",
    "io",
    "socket",
    "subprocess",
    "threading",
    "asyncio",
    "shutil",
    "tempfile",
    "random",
    "secrets",
    "uuid",
}


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 2 else parts)


MODULES = {name_of(path): path for path in sorted(SYNC.rglob("*.py"))}


@cache
def imports(module: str) -> dict[str, bool]:
    """List what a module imports, in full; the value says whether only its annotations need it."""
    found: dict[str, bool] = {}
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    for node, typing in _walk(tree, typing=False):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [one.name for one in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports by position, not by name"
            names = [_target(str(node.module), one.name) for one in node.names]
        for name in names:
            found[name] = found.get(name, True) and typing
    return found


def _walk(node: ast.AST, *, typing: bool) -> list[tuple[ast.AST, bool]]:
    found = [(node, typing)]
    for child in ast.iter_child_nodes(node):
        test = ast.unparse(node.test) if isinstance(node, ast.If) else ""
        inside = typing or (test == "TYPE_CHECKING" and isinstance(node, ast.If) and child in node.body)
        found += _walk(child, typing=inside)
    return found


def _target(module: str, name: str) -> str:
    """`from sync.cli import run` names a module, `from sync.plan import make` a thing in one."""
    return f"{module}.{name}" if f"{module}.{name}" in MODULES else module


def part(module: str) -> str:
    """Name the part that a module of ours belongs to."""
    return module.split(".")[1] if "." in module else "__init__"


def is_in(module: str, place: str) -> bool:
    """`sync.workbook.template` is also the home of `sync.workbook.template_rows`."""
    return module == place or module.startswith((f"{place}.", f"{place}_"))


def test_the_map_names_every_part_and_no_other() -> None:
    assert {part(module) for module in MODULES} == set(MAY_IMPORT)


@pytest.mark.parametrize("name", MAY_IMPORT)
def test_a_part_imports_only_what_the_map_allows(name: str) -> None:
    allowed = MAY_IMPORT[name].split()
    wrong = [
        f"{module} imports {target}"
        for module in MODULES
        if part(module) == name
        for target in imports(module)
        if target.split(".")[0] == "sync"
        and target != "sync"
        and part(target) != name
        and not any(is_in(target, f"sync.{one}") for one in allowed)
    ]
    assert wrong == []


def test_the_map_has_one_direction() -> None:
    graph = {name: {one.split(".")[0] for one in allowed.split()} for name, allowed in MAY_IMPORT.items()}
    try:
        list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(f"the map leads in a circle: {error.args[1]}")


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph: dict[str, set[str]] = defaultdict(set)
    for module in MODULES:
        for target, typing in imports(module).items():
            if target in MODULES and target != module and not typing:
                graph[module].add(target)
    packages = {module for module, path in MODULES.items() if path.name == "__init__.py"}
    for module in packages:  # a package that gathers what is in it is no circle; what is in it must not look back
        graph[module] = {target for target in graph[module] if not target.startswith(f"{module}.")}
    try:
        list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(f"in a circle: {' -> '.join(error.args[1])}")


@pytest.mark.parametrize("library", HOMES)
def test_a_library_is_named_only_where_it_lives(library: str) -> None:
    users = {module for module in MODULES if any(one.split(".")[0] == library for one in imports(module))}
    homes = HOMES[library].split()
    assert users, f"nobody uses {library} any more: take it off the map"
    assert {module for module in users if not any(is_in(module, home) for home in homes)} == set()


def test_every_library_that_is_used_is_on_the_map() -> None:
    outside = {target.split(".")[0] for module in MODULES for target in imports(module)} - {"sync", "__future__"}
    assert outside - set(sys.stdlib_module_names) - set(HOMES) == set()


@pytest.mark.parametrize("name", PURE)
def test_a_pure_module_names_nothing_that_reaches_the_world(name: str) -> None:
    named = {
        target.split(".")[0]
        for module in MODULES
        if part(module) == name
        for target, typing in imports(module).items()
        if not typing
    }
    assert named & (set(HOMES) | WORLDLY) == set()


def test_the_simulator_knows_nothing_of_us() -> None:
    wrong = [
        f"{module} imports {target}"
        for module in MODULES
        if is_in(module, "sync.simulator")
        for target in imports(module)
        if target.split(".")[0] == "sync" and not is_in(target, "sync.simulator")
    ]
    assert wrong == []


def test_nothing_but_the_commands_and_the_tests_starts_the_simulator() -> None:
    users = {part(module) for module in MODULES if any(is_in(one, "sync.simulator") for one in imports(module))}
    assert users <= {"simulator", "cli"}
