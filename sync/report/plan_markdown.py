"""The plan as Markdown: for a ticket, a mail, or a pull request. Pure; every text of the user's is escaped."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sync.report.plan_document import outlook, shown, sides
from sync.report.plan_text import credits_range

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sync.model import Change
    from sync.report.plan_document import PlanDocument

MARK = "<!-- wtsync plan -->"
"""How a document of ours begins."""

_SPECIAL = re.compile(r"([\\`*_{}\[\]#|~@])")


def plan_markdown(document: PlanDocument) -> str:
    """Write the whole plan: figures, what stands against it, each change with both its sides, notes, problems."""
    lines = [MARK, f"# Plan for {_text(document.name)}", ""]
    lines += _table(("", ""), document.facts)
    for guard in document.guards:
        lines += ["", f"> **Stop:** {_text(guard.message)}. If that is what you want: `{guard.flag}`."]
    if not document.plan.changes:
        lines += ["", "Nothing to do."]
    for title, changes, price in document.groups:
        lines += ["", f"## {title}: {len(changes)}, {credits_range(price)}", ""]
        lines += _table(
            ("Row", "Record", "Name", "Text", f"Now, {sides(changes[0])[0]}", "Would be", "Credits", "Why"),
            (_cells(document, change) for change in changes),
        )
    if document.plan.notes:
        lines += ["", f"## Left alone: {len(document.plan.notes)}", ""]
        lines += _table(
            ("Row", "Record", "Text", "Why"),
            (
                (str(note.row), document.address(note), note.key.text_type, f"{note.kind.value}: {note.reason}")
                for note in document.plan.notes
            ),
        )
    if document.problems:
        lines += ["", f"## To put right: {len(document.problems)}", ""]
        lines += _table(
            ("Cell", "Value", "What", "Remedy"),
            ((one.where, one.value, one.what, one.remedy) for one in document.problems),
        )
    return "\n".join(lines) + "\n"


def _cells(document: PlanDocument, change: Change) -> tuple[str, ...]:
    return (
        str(change.row),
        document.address(change),
        document.names.get(change.key.record, ""),
        change.key.text_type,
        change.was,
        outlook(change) or change.now,
        credits_range(change.price),
        change.reason,
    )


def _table(heading: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(heading)} |"
    yield f"|{' --- |' * len(heading)}"
    for row in rows:
        yield f"| {' | '.join(_text(cell) for cell in row)} |"


def _text(text: str) -> str:
    """Escape what Markdown and HTML would take for markup; line ends stay visible inside a cell."""
    escaped = shown(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _SPECIAL.sub(r"\\\1", escaped).replace("\n", "<br>")
