"""The plan as one HTML page, to be read, printed and signed. Pure; it refers to nothing outside itself.

Every text is escaped, and the page forbids scripts and anything from elsewhere.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from sync.counts import counted
from sync.model import same
from sync.report.plan_document import outlook, shown, sides
from sync.report.plan_text import credits_range
from sync.report.word_marks import marked

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sync.model import Change
    from sync.report.plan_document import PlanDocument

MARK = '<meta name="generator" content="wtsync plan">'
"""What tells a page of ours."""

_STYLE = """
:root { color-scheme: light dark; --ink: #1b2430; --quiet: #5b6675; --line: #d5dae1; --paper: #fff; --head: #f1f4f7;
  --old: #f8d3d0; --new: #cdebd4; --stop: #a3221a; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaef; --quiet: #9aa6b4; --line: #38424e; --paper: #14191f;
  --head: #1f262e; --old: #5a2a2a; --new: #1f4a31; --stop: #ff8f85; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.5rem; max-width: 88rem; color: var(--ink); background: var(--paper);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
h1 { font-size: 1.6rem; margin: 0 0 1rem; } h2 { font-size: 1.15rem; margin: 2.2rem 0 .6rem; break-after: avoid; }
h2 small { font-weight: normal; color: var(--quiet); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.2rem; margin: 0; }
dt { color: var(--quiet); } dd { margin: 0; overflow-wrap: anywhere; }
.stop { border-left: 4px solid var(--stop); padding: .5rem .9rem; margin: 1rem 0; background: var(--head); }
.stop b { color: var(--stop); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid var(--line);
  overflow-wrap: break-word; }
th { background: var(--head); font-weight: 600; }
td.text { white-space: pre-wrap; unicode-bidi: isolate; min-width: 14rem; width: 32%; overflow-wrap: anywhere; }
del, ins { border-radius: 2px; padding: 0 1px; } del { background: var(--old); }
ins { background: var(--new); text-decoration-thickness: 1px; text-underline-offset: 2px; }
td.number, th.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
td.key { white-space: nowrap; } i, .quiet { color: var(--quiet); }
.sign { display: flex; gap: 3rem; margin-top: 4rem; break-inside: avoid; }
.sign span { flex: 1; border-top: 1px solid var(--ink); padding-top: .3rem; color: var(--quiet); }
@media print { :root { --ink: #000; --quiet: #444; --line: #bbb; --paper: #fff; --head: #f1f1f1; --old: #fff;
  --new: #f3f3f3; --stop: #000; } body { padding: 0; max-width: none; font-size: 10px; }
  .wide { overflow: visible; } thead { display: table-header-group; } tr { break-inside: avoid; }
  td.text { min-width: 0; } @page { size: A4 landscape; margin: 12mm; } }
"""


def plan_html(document: PlanDocument) -> str:
    """Make the page: figures, what stands against the plan, each change with both its sides, notes, problems."""
    return "".join(_page(document))


def _page(document: PlanDocument) -> Iterator[str]:
    name = _text(document.name)
    yield (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n{MARK}\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Plan for {name}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<h1>Plan for {name}</h1>\n<dl>\n"
    )
    for fact, value in document.facts:
        yield f"<dt>{fact}</dt><dd>{_text(value)}</dd>\n"
    yield "</dl>\n"
    for guard in document.guards:
        yield f'<p class="stop"><b>Stop:</b> {_text(guard.message)}. If that is what you want: {guard.flag}.</p>\n'
    if not document.plan.changes:
        yield "<p>Nothing to do.</p>\n"
    for title, changes, price in document.groups:
        yield f"<h2>{title} <small>{counted(len(changes), 'text')}, {credits_range(price)}</small></h2>\n"
        yield from _changes(document, changes)
    yield from _notes(document)
    yield from _problems(document)
    yield '<div class="sign"><span>Approved by</span><span>Date</span></div>\n</body>\n</html>\n'


def _changes(document: PlanDocument, changes: Sequence[Change]) -> Iterator[str]:
    old, new = sides(changes[0])
    named = any(document.names.get(change.key.record) for change in changes)
    yield '<div class="wide"><table><thead><tr><th class="number">Row</th><th>Record</th>'
    yield f"{'<th>Name</th>' if named else ''}<th>Text</th><th>Now, {old}</th><th>Would be, {new}</th>"
    yield '<th class="number">Credits</th><th>Why</th></tr></thead><tbody>\n'
    for change in changes:
        name = f"<td>{_text(document.names.get(change.key.record, ''))}</td>" if named else ""
        yield (
            f'<tr><td class="number">{change.row}</td><td class="key">{_text(document.address(change))}</td>{name}'
            f"<td>{_text(change.key.text_type)}</td>{_sides(change)}"
            f'<td class="number">{credits_range(change.price).removesuffix(" credits").removesuffix(" credit")}</td>'
            f"<td>{_text(change.reason)}</td></tr>\n"
        )
    yield "</tbody></table></div>\n"


def _sides(change: Change) -> str:
    """Show both sides of a change beside each other, and in each the words that the other has not."""
    words = outlook(change)
    if change.now and same(change.was, change.now):
        return f'<td class="text" dir="auto">{_text(change.was)}</td><td><i>the same</i></td>'
    if not change.was or words:
        was = f'<td class="text" dir="auto">{_text(change.was)}</td>' if change.was else _aside("(empty)")
        return was + (_aside(words) if words else f'<td class="text" dir="auto">{_text(change.now)}</td>')
    was, now = _marked(change.was, change.now, "del"), _marked(change.now, change.was, "ins")
    return f'<td class="text" dir="auto">{was}</td><td class="text" dir="auto">{now}</td>'


def _marked(text: str, other: str, tag: str) -> str:
    pieces = marked(shown(text), shown(other))
    return "".join(f"<{tag}>{_text(one.text)}</{tag}>" if one.differs else _text(one.text) for one in pieces)


def _aside(words: str) -> str:
    return f"<td><i>{words}</i></td>"


def _notes(document: PlanDocument) -> Iterator[str]:
    notes = document.plan.notes
    if not notes:
        return
    yield f"<h2>Left alone <small>{counted(len(notes), 'text')}</small></h2>\n"
    yield '<div class="wide"><table><thead><tr><th class="number">Row</th><th>Record</th><th>Text</th><th>Why</th>'
    yield "</tr></thead><tbody>\n"
    for note in notes:
        yield (
            f'<tr><td class="number">{note.row}</td><td class="key">{_text(document.address(note))}</td>'
            f"<td>{_text(note.key.text_type)}</td><td>{note.kind.value}: {_text(note.reason)}</td></tr>\n"
        )
    yield "</tbody></table></div>\n"


def _problems(document: PlanDocument) -> Iterator[str]:
    if not document.problems:
        return
    yield f"<h2>To put right <small>{counted(len(document.problems), 'cell')}</small></h2>\n"
    yield '<div class="wide"><table><thead><tr><th>Cell</th><th>Value</th><th>What</th><th>Remedy</th>'
    yield "</tr></thead><tbody>\n"
    for one in document.problems:
        cells = (one.where, one.value, one.what, one.remedy)
        yield f"<tr>{''.join(f'<td>{_text(cell)}</td>' for cell in cells)}</tr>\n"
    yield "</tbody></table></div>\n"


def _text(text: str) -> str:
    return escape(shown(text))
