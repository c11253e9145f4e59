"""Makes the plan that a command shows: with the images it needs, and without the rows that cannot be written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.cli.pictures import with_pictures
from sync.cli.wiring import make_plan, with_obstacles, with_proposals

if TYPE_CHECKING:
    from pathlib import Path

    from sync.cli.wiring import Checked, Known
    from sync.journal import Journal
    from sync.model import Plan
    from sync.selection import Selection


def prepared(file: Path, seen: Checked, journal: Journal, known: Known, selection: Selection) -> tuple[Checked, Plan]:
    """Plan, look at the image files that the plan needs, and add to the problems what stands against writing it.

    Raises UsageError when the selection names what is not there.
    """
    sound, plan = with_pictures(seen, file, make_plan(seen, known, selection), journal)
    if sound is not seen:
        seen, plan = with_pictures(sound, file, make_plan(sound, known, selection), journal)
    return with_proposals(with_obstacles(seen, file, plan), known), plan
