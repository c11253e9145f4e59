"""How the texts of a record are to sound: tones, style and audiences, each from its row or else from Settings.

The service refuses some of them together, so that what goes well in each place alone may not do so when merged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sync.records.choices import Choosers
    from sync.records.columns import Columns
    from sync.records.problems import Findings, Flaw
    from sync.records.rows import Rows
    from sync.records.settings import Settings

Manner = tuple[tuple[str, ...], str, tuple[str, ...]]
"""Tones, style and audiences."""
AS_ANOTHER: Manner = ((), "", ())
"""Of a row that imitates another record: how it sounds comes from there."""
_Own = tuple[tuple[str, ...] | None, str | None, tuple[str, ...] | None]
_FIELDS = ("tones", "style", "audiences")


def usual_manner(settings: Settings, lists: Choosers, findings: Findings) -> Manner | None:
    """Give the choices on Settings; None when they cannot be used. Notes it when they do not go together."""
    flaw = lists.clash(settings.tones, settings.style, settings.audiences)
    at = next((name for name in _FIELDS if name in settings.cells), None)
    if flaw is not None and at is not None:
        findings.in_settings(settings.cells[at], flaw)
    if flaw is not None or settings.broken.intersection(_FIELDS):
        return None
    return settings.tones, settings.style, settings.audiences


def manners(
    rows: Rows, columns: Columns, settings: Settings, usual: Manner | None, lists: Choosers, findings: Findings
) -> list[Manner | None]:
    """Merge the choices of every row with the usual ones; None where Settings is broken or they do not go together."""
    every = list(zip(rows.tones, rows.style, rows.audiences, strict=True))
    merged: dict[_Own, Manner | None] = {}
    flaws: dict[_Own, Flaw] = {}
    for own in set(every):
        chosen = _chosen(own, settings, usual)
        flaw = lists.clash(*chosen) if chosen and chosen is not usual else None
        if flaw is not None:
            flaws[own] = flaw
        merged[own] = None if flaw else chosen
    for at in rows.live if flaws else ():
        if flaw := flaws.get(every[at]):
            first = next(name for name, value in zip(_FIELDS, every[at], strict=True) if value is not None)
            findings.in_records(rows.cell(at, columns.fields[first]), flaw)
    return [merged[own] for own in every]


def _chosen(own: _Own, settings: Settings, usual: Manner | None) -> Manner | None:
    """Merge what one row says with the settings; None where these are broken."""
    if own == (None, None, None):
        return usual
    tones, style, audiences = own
    missing = {name for name, value in zip(_FIELDS, own, strict=True) if value is None}
    if settings.broken & missing:
        return None
    return (
        settings.tones if tones is None else tones,
        settings.style if style is None else style,
        settings.audiences if audiences is None else audiences,
    )
