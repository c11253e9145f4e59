"""Plays one schedule or story again, step by step: `python -m tests.faults.replay story 17`.

    python -m tests.faults.replay story SEED
    python -m tests.faults.replay schedule 'fresh 3 0 generate:0:lost'

With `--http` it goes through the real client and the application.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from tests.faults import lab as laboratory
from tests.faults.promises import BrokenPromise
from tests.faults.schedules import play, read_schedule
from tests.faults.stories import tell

if TYPE_CHECKING:
    from collections.abc import Callable


def main(words: list[str]) -> int:
    """Play it, say what happens, and tell with the exit code whether all promises held."""
    http = "--http" in words
    kind, what = [word for word in words if not word.startswith("--")]
    laboratory.TELL.append(_say)
    player: Callable[..., Any] = {"story": lambda: tell(int(what), http=http), "schedule": lambda: play(
        read_schedule(what), http=http)}[kind]  # fmt: skip
    try:
        player()
    except BrokenPromise as broken:
        _say(f"BROKEN {broken}")
        return 1
    _say("every promise held")
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
