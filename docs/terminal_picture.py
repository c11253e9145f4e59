"""Draws what stands on a terminal: `python docs/terminal_picture.py < session.txt > docs/pictures/terminal.svg`.

Lines that begin with `$ ` are commands and stand out; the rest is as it is.
"""

import sys
from html import escape

BUTTONS = ("#e0645c", "#e2b14b", "#67b36a")
WIDTH, LINE, PAD, TOP = 8.42, 19, 22, 46


def draw(lines: list[str]) -> str:
    """Give an SVG of a terminal window with these lines."""
    width = round(max(map(len, lines)) * WIDTH) + 2 * PAD
    height = TOP + LINE * len(lines) + PAD
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">',
        f'<rect width="{width}" height="{height}" rx="10" fill="#1d2430"/>',
        *(f'<circle cx="{PAD + 18 * i}" cy="20" r="6" fill="{colour}"/>' for i, colour in enumerate(BUTTONS)),
        '<g font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="14" xml:space="preserve">',
    ]
    for row, line in enumerate(lines):
        colour, weight = ("#8fd0a0", "bold") if line.startswith("$ ") else ("#d9dee7", "normal")
        y = TOP + LINE * row + 12
        out.append(f'<text x="{PAD}" y="{y}" fill="{colour}" font-weight="{weight}">{escape(line)}</text>')
    return "\n".join([*out, "</g>", "</svg>", ""])


if __name__ == "__main__":
    sys.stdout.write(draw(sys.stdin.read().rstrip("\n").split("\n")))
