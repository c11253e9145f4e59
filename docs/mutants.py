"""Prints what `make mutants` has found: a table, and each mutant that survived, as it is in `docs/mutation.md`.

A mutant "says the same" where only the case of letters changed: in a statement of SQL, outside quotes, or in the name
of a column that is read. SQLite knows no difference.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from collections import Counter
from itertools import takewhile
from pathlib import Path

ROOT = Path(__file__).parents[1] / "mutants"
AREAS = {
    "classifier": ("run/classify",),
    "state machine": ("run/submit", "run/follow", "run/drive", "run/send", "run/cancel", "run/pace"),
    "journal": ("journal/",),
    "reconciliation": ("run/reconcile", "run/late", "run/found", "run/collect"),
}
CAUGHT, SURVIVED, TIMEOUT, SAME = "caught", "survived", "timeout", "says the same"
TIMEOUTS = {-24, 24, 36, 152, 255}
_SQL = re.compile(
    r"\b(SELECT|INSERT|UPDATE|FROM|WHERE|AND|VALUES|GROUP BY|ORDER BY|BEGIN|COMMIT|ROLLBACK|PRAGMA|VACUUM)\b"
)
_ROW = re.compile(r"^(row|item)$|\[0\]$")


def verdict(code: int | None) -> str:
    """Name an exit code of mutmut. 0 and "no test" survive; whatever ends a test otherwise has caught the mutant."""
    if code is None:
        sys.exit("Some mutants have not been tried yet: `make mutants` goes on where it was stopped.")
    if code in TIMEOUTS:
        return TIMEOUT
    return SURVIVED if code in {0, 5, 33} else CAUGHT


def functions(source: str) -> dict[str, ast.AST]:
    """Find every function of a mutated module, with its mutants, by name."""
    return {node.name: node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)}


def says_the_same(before: ast.AST, after: ast.AST) -> bool:
    """Tell whether nothing but the case of SQL, or of a column's name, differs."""
    pairs = list(zip(_parts(before), _parts(after), strict=False))
    changed = [(one, other) for one, other in pairs if one[1] != other[1]]
    return len(changed) == 1 and all(
        isinstance(one[1], str)
        and isinstance(other[1], str)
        and _spoken(one[1]) == _spoken(other[1])
        and (bool(_SQL.search(one[1])) or bool(_ROW.search(one[0])))
        for one, other in changed
    )


def _parts(node: ast.AST, owner: str = "") -> list[tuple[str, object]]:
    """List the constants of a function, each with what it is an index of, if it is one."""
    if isinstance(node, ast.Constant):
        return [(owner, node.value)]
    found: list[tuple[str, object]] = []
    for name, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                index = isinstance(node, ast.Subscript) and name == "slice"
                found += _parts(child, ast.unparse(node.value) if index and isinstance(node, ast.Subscript) else "")
            elif child is not None and name in {"id", "attr", "arg", "op", "ops"} and name != "name":
                found.append(("", child))
    return found


def _spoken(text: str) -> tuple[str, ...]:
    """Fold what stands outside quotes; what is quoted has to stay as it is."""
    return tuple(part if n % 2 else part.casefold() for n, part in enumerate(text.split("'")))


def main() -> None:
    """Print the table, then the survivors."""
    counts: dict[str, Counter[str]] = {}
    left: list[str] = []
    for meta in sorted(ROOT.rglob("*.meta")):
        path = meta.with_suffix("")
        codes = json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"]
        if not codes:
            continue
        module = path.relative_to(ROOT / "sync").with_suffix("").as_posix()
        found = functions(path.read_text(encoding="utf-8"))
        count = counts.setdefault(module, Counter())
        for key, code in codes.items():
            name = key.rpartition(".")[2]
            what = verdict(code)
            before, after = found[name.rpartition("_")[0] + "_orig"], found[name]
            if what in {SURVIVED, TIMEOUT} and says_the_same(before, after):
                what = SAME
            count[what] += 1
            if what in {SURVIVED, TIMEOUT}:
                left += [f"{module}: {name} ({what})", *_difference(before, after)]
    lines = ["| part | module | mutants | say the same | caught | timeouts | survived | score |", f"|{'---|' * 8}"]
    for area, starts in AREAS.items():
        of_area = {module: count for module, count in counts.items() if module.startswith(starts)}
        lines += [_line(area, module, count) for module, count in of_area.items()]
        lines.append(_line(f"**{area}**", "", sum(of_area.values(), Counter())))
    sys.stdout.write("\n".join([*lines, "", *left, ""]))


def _line(area: str, module: str, count: Counter[str]) -> str:
    caught = count[CAUGHT] + count[TIMEOUT]
    score = caught / max(1, count.total() - count[SAME])
    numbers = (count.total(), count[SAME], count[CAUGHT], count[TIMEOUT], count[SURVIVED])
    return f"| {area} | {module} | {' | '.join(map(str, numbers))} | {score:.1%} |"


def _difference(before: ast.AST, after: ast.AST) -> list[str]:
    """Show what was there and what took its place, with a few words around it."""
    one, other = (" ".join(line.strip() for line in ast.unparse(node).splitlines()[1:]) for node in (before, after))
    start = _alike(one, other)
    end = min(_alike(one[::-1], other[::-1]), len(one) - start, len(other) - start)
    return [
        f"    {mark} {text[max(0, start - 60) : len(text) - end + 40]}" for mark, text in (("-", one), ("+", other))
    ]


def _alike(one: str, other: str) -> int:
    """Count the letters with which two texts begin alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


if __name__ == "__main__":
    main()
