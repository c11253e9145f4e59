"""What is to be said of the workbook's file and of what it touches: older copies, conflict copies, results, links."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sync.cli.console import out_json, say

if TYPE_CHECKING:
    from pathlib import Path

    from sync.journal import Journal
    from sync.tables import Tables


@dataclass(frozen=True, slots=True)
class OfFiles:
    """What was seen."""

    undone: int
    """Texts that we wrote into the workbook and that are gone, as in an older copy."""
    copies: tuple[Path, ...]
    """Other files beside it that are the same workbook with other content."""
    results: tuple[str, ...]
    """Files with results that have no place in the workbook yet."""

    def data(self) -> dict[str, Any]:
        """Give it as plain data."""
        return {"undone": self.undone, "copies": list(map(str, self.copies)), "results": list(self.results)}

    def lines(self, file: Path) -> list[str]:
        """Say it to a person."""
        from sync.cli.undone import notice

        lines = [notice(file, self.undone)] if self.undone else []
        if self.copies:
            lines.append(copies_notice(file, self.copies))
        return lines + [f"What waits can be read meanwhile in {path}." for path in self.results]


def of_files(file: Path, tables: Tables, journal: Journal, undone: int) -> OfFiles:
    """Look at a workbook's file and around it. Changes nothing.

    `undone` is how many texts are gone, which whoever asks has found out already: it takes a look at all of them.
    """
    from sync.cli.results import left_behind
    from sync.workbook.twins import twins

    return OfFiles(undone, twins(file, tables), tuple(left_behind(journal)))


def copies_notice(file: Path, copies: tuple[Path, ...]) -> str:
    """Say that there are several of the workbook."""
    names = ", ".join(one.name for one in copies[:3]) + (f" and {len(copies) - 3} more" if len(copies) > 3 else "")
    return (
        f"{names} beside {file.name}: the same workbook with other content: a copy, or what OneDrive or Dropbox leaves"
        f" when two people save at once. wtsync works on {file.name} only. Bring them together, and delete the rest."
    )


def tell_of_copies(file: Path, tables: Tables, journal: Journal, *, as_json: bool = False) -> None:
    """Warn of copies that were not warned of before; to be called by whoever is about to write."""
    from sync.workbook.twins import twins

    found = tuple(one for one in twins(file, tables) if journal.files.tell_once(f"copy {one.resolve()}"))
    if not found:
        return
    if as_json:
        out_json(
            {"event": "copies", "copies": list(map(str, found)), "message": copies_notice(file, found)}, indent=None
        )
    else:
        say(f"wtsync: {copies_notice(file, found)}")


def outside_notice(file: Path, found: tuple[str, ...]) -> str:
    """Say what the workbook holds that reaches beyond it, and that nothing is done about it."""
    what = " and ".join((", ".join(found[:-1]), found[-1])) if len(found) > 1 else found[0]
    return (
        f"{file.name} holds {what}. wtsync follows and runs none of that, and leaves it as it is: it works with the"
        " values that the file was last saved with."
    )


def tell_of_outside(file: Path, journal: Journal, *, as_json: bool = False) -> None:
    """Warn of links and macros, once for a workbook; to be called by whoever is about to write."""
    from sync.workbook.package.container import Container
    from sync.workbook.package.outside import outside

    with Container.open(file) as container:
        found = tuple(one for one in outside(container) if journal.files.tell_once(f"outside {one}"))
    if not found:
        return
    if as_json:
        out_json({"event": "outside", "holds": list(found), "message": outside_notice(file, found)}, indent=None)
    else:
        say(f"wtsync: {outside_notice(file, found)}")
