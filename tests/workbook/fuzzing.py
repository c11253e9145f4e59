"""Puts broken workbooks through reading, patching and comparing, in a process that may take so much and no more.

`python -m tests.workbook.fuzzing SEED COUNT` prints a line for each workbook as it begins and one when something came
of it that must not; it is itself the line that replays a find, with COUNT 1.
"""
# ruff: noqa: T201 - what it prints is all it is for

from __future__ import annotations

import os
import resource
import sys
import time
import traceback
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from sync.errors import WtsyncError
from sync.workbook.package.patch import patch
from sync.workbook.read import read
from sync.workbook.verify import compare
from tests.workbook.mutations import mutated
from tests.workbooks.make import kept

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.model import CellValue
    from sync.workbook.package.edits import Edits

_CELLS: dict[tuple[int, int], CellValue] = {(2, 1): "old <place>", (3, 9): "new", (2_000, 3): "row", (4, 2): 7}
EDITS: Edits = {"Records": _CELLS}
MEMORY = 1 << 30
"""Bytes of address space beyond what a sound workbook takes."""
SECONDS = 10.0


def main(seed: int, count: int, breach: str = "") -> None:
    """Try as many seeds, beginning with this one; at the second one commit a breach, so that a test sees it noticed."""
    sound = [path.read_bytes() for path in kept()]
    with TemporaryDirectory() as folder:
        path = Path(folder, "a.xlsx")
        path.write_bytes(kept()[0].read_bytes())
        _tried(path)
        _limit()
        results = Counter[str]()
        for number in range(seed, seed + count):
            print("begin", number, flush=True)
            path.write_bytes(mutated(sound[number % len(sound)], number))
            started = time.process_time()
            tried = _tried(path)
            if breach and number == seed + 1:
                tried[breach] = _went(BREACHES[breach])
            for act, what in tried.items():
                results[f"{act} {what.partition(':')[0]}"] += 1
                if what.startswith("CAUGHT"):
                    print("found", number, act, what, flush=True)
            if time.process_time() - started > SECONDS:
                print("found", number, f"took {time.process_time() - started:.0f} seconds of work", flush=True)
    print("results", dict(sorted(results.items())), flush=True)


BREACHES = {
    "a bug": lambda: bool(1 // 0),
    "too much memory": lambda: bool(bytearray(2 * MEMORY)),
    "an end": lambda: bool(os.abort()),
}


def _limit() -> None:
    with Path("/proc/self/statm").open() as file:
        size = int(file.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (size + MEMORY, size + MEMORY))


def _tried(path: Path) -> dict[str, str]:
    """Read, patch and compare; say of each how it went."""
    target = path.with_name("b.xlsx")
    target.unlink(missing_ok=True)
    results = {"read": _went(lambda: bool(read(path))), "patch": _went(lambda: bool(patch(path, target, EDITS)))}
    if results["patch"] == "done":
        results["compare"] = _went(lambda: compare(path, target, EDITS).ok)
    elif target.exists():
        results["patch"] = "CAUGHT: a file was left"
    return results


def _went(act: Callable[[], bool]) -> str:
    try:
        return "done" if act() else "disagreed"
    except WtsyncError as error:
        return f"refused: {error.message}"
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001 - a panic of a library is no Exception
        place = traceback.extract_tb(error.__traceback__)[-1]
        return f"CAUGHT: {type(error).__name__}: {str(error)[:200]} ({Path(place.filename).name}:{place.lineno})"


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:])
