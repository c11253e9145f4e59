"""A plot of cost against size, both in powers of ten, as SVG: a line each, with its name at its end. Pure.

On a ground of its own, so that it reads the same on a light page and on a dark one. Each tool has its colour, and ours
the thick line.
"""

from __future__ import annotations

from math import ceil, floor, log10
from typing import TYPE_CHECKING, TypeAlias
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    Points: TypeAlias = Sequence[tuple[float, float]]

WIDTH, HEIGHT = 460, 380
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 156, 52, 46
_APART = 14
"""Points from the base of one name to the next."""
_COLOURS = {"wtsync": "#0b5cad", "polars": "#2f7d32", "openpyxl": "#b8510d", "pandas": "#7d4ba3"}


def drawn(panels: Sequence[tuple[str, str, Mapping[str, Points]]], words: str) -> str:
    """Draw panels side by side: of each its title, the unit of what goes up, and its lines (rows, figure) by name.

    Names begin with that of a tool, and a comma or colon. `words` tell in text what is to be seen.
    """
    width = WIDTH * len(panels)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {HEIGHT}" width="{width}" height="{HEIGHT}"',
        ' font-family="system-ui, Helvetica, Arial, sans-serif" font-size="12" role="img" aria-labelledby="t d">',
        f'<title id="t">{escape(" and ".join(title for title, _, _ in panels))}</title>',
        f'<desc id="d">{escape(words)}</desc>',
        f'<rect width="{width}" height="{HEIGHT}" rx="6" fill="#ffffff"/>',
    ]
    for place, (title, unit, lines) in enumerate(panels):
        parts += [f'<g transform="translate({place * WIDTH} 0)">', *_panel(title, unit, lines), "</g>"]
    return "\n".join([*parts, "</svg>", ""])


def _panel(title: str, unit: str, lines: Mapping[str, Points]) -> Iterable[str]:
    across, up = ([point[axis] for line in lines.values() for point in line] for axis in (0, 1))
    x = _scale(across, _LEFT, WIDTH - _RIGHT)
    y = _scale(up, HEIGHT - _BOTTOM, _TOP)
    yield f'<text x="{_LEFT}" y="22" font-size="14" font-weight="600" fill="#1f2328">{escape(title)}</text>'
    for power in _powers(across):
        at = x(10**power)
        yield _line(at, HEIGHT - _BOTTOM, at, _TOP)
        yield _text(at, HEIGHT - _BOTTOM + 18, f"{10**power:,}", "middle")
    for power in _powers(up):
        at = y(10.0**power)
        yield _line(_LEFT, at, WIDTH - _RIGHT, at)
        yield _text(_LEFT - 8, at + 4, f"{10.0**power:,g}" if power < 0 else f"{10**power:,}", "end")
    yield _text((_LEFT + WIDTH - _RIGHT) / 2, HEIGHT - 8, "rows", "middle")
    yield _text(12, 38, unit, "start")
    free = 0.0
    for name, line in sorted(lines.items(), key=lambda named: y(named[1][-1][1])):
        colour, (far, high) = _COLOURS[name.split()[0].rstrip(":,")], line[-1]
        path = " ".join(f"{x(a):.1f},{y(b):.1f}" for a, b in line)
        weight = 3 if name.startswith("wtsync") else 1.5
        yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{weight}"/>'
        yield from (f'<circle cx="{x(a):.1f}" cy="{y(b):.1f}" r="3" fill="{colour}"/>' for a, b in line)
        free = max(y(high) + 4, free + _APART)
        edge = WIDTH - _RIGHT + 8
        if x(far) < edge - 10 or abs(free - 4 - y(high)) > 4:
            yield _line(x(far) + 4, y(high), edge - 2, free - 4, colour).replace("/>", ' stroke-dasharray="2 3"/>')
        yield _text(edge, free, name, "start", colour)


def _powers(values: Sequence[float]) -> range:
    low, high = floor(log10(min(values)) + 1e-9), ceil(log10(max(values)) - 1e-9)
    return range(low, max(high, low + 1) + 1)


def _scale(values: Sequence[float], start: float, end: float) -> Callable[[float], float]:
    """Give where a value stands between two places, by its power of ten."""
    powers = _powers(values)
    return lambda value: start + (log10(value) - powers[0]) / (powers[-1] - powers[0]) * (end - start)


def _line(x1: float, y1: float, x2: float, y2: float, colour: str = "#d8dee4") -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" stroke-width="0.8"/>'


def _text(x: float, y: float, words: str, anchor: str, colour: str = "#57606a") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{escape(words)}</text>'
