"""A plan on paper: shown in the form that was asked for, or written into a file, whose ending says which form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.cli.console import typed
from sync.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sync.cli.wiring import Checked
    from sync.model import Plan
    from sync.plan import Guard
    from sync.report.plan_document import PlanDocument
    from sync.selection import Selection

FORMATS = ("text", "json", "markdown", "html")
_ENDINGS = {".md": "markdown", ".markdown": "markdown", ".html": "html", ".htm": "html"}


def document(plan: Plan, stops: Sequence[Guard], seen: Checked, file: Path) -> PlanDocument:
    """Put together what a page about a plan shows."""
    from sync.records import Names
    from sync.report.plan_document import PlanDocument

    workbook, images = seen.workbook, seen.workbook.images
    records = len(workbook.records) - images
    return PlanDocument(plan, stops, workbook.problems, file.name, records, Names(workbook.records), images)


def rendered(page: PlanDocument, form: str) -> str:
    """Give a plan as `markdown` or `html`."""
    from sync.report.plan_html import plan_html
    from sync.report.plan_markdown import plan_markdown

    return plan_html(page) if form == "html" else plan_markdown(page)


def check_papers(paths: Sequence[Path]) -> None:
    """Refuse to write where another file would be lost, before the service is asked. Raises UsageError."""
    from sync.cli.choosing import is_plan

    for path in paths:
        ours = is_page(path) if path.suffix.casefold() in _ENDINGS else is_plan(path)
        if path.exists() and not ours:
            raise UsageError(f"{path} is there already, and is no plan.", "Give the plan a name of its own.")


def is_page(path: Path) -> bool:
    """Tell whether a file is a page that we have made."""
    from sync.report import plan_html, plan_markdown

    try:
        start = path.read_text(encoding="utf-8")[:1000]
    except (OSError, ValueError):
        return False
    return start.startswith(plan_markdown.MARK) or plan_html.MARK in start


def put_down(path: Path, page: PlanDocument, seen: Checked, file: Path, selection: Selection) -> str:
    """Write a plan into a file, and say what it is good for. Raises UsageError where that is not possible."""
    from sync.cli import choosing

    form = _ENDINGS.get(path.suffix.casefold())
    if form is not None:
        choosing.put_down(path, rendered(page, form))
        return f"Written to {path}, to be read."
    choosing.save_plan(path, page.plan, seen, file, selection)
    return f"Written to {path}. To carry out just this: wtsync run {typed(file)} --plan {typed(path)}"
