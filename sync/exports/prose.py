"""Turn HTML into plain words, and words into fewer."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_SILENT = frozenset({"script", "style", "template", "noscript", "head", "title", "svg", "iframe", "object"})
_BREAKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption", "figure", "footer",
        "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p", "pre", "section", "table", "tbody",
        "tfoot", "thead", "tr", "ul",
    },
)  # fmt: skip
_GAPS = frozenset({"td", "th"})

_SENTENCE_END = re.compile(r"[.!?…。！？][\"'”’)\]]*(?=\s|$)")  # noqa: RUF001 - full-width marks end sentences too
_LOOKS_LIKE_HTML = re.compile(r"<[a-zA-Z/!]|&(#\w+|\w+);")


class _Words(HTMLParser):
    """Collects what a reader would see, with a line break wherever the page would break."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the parser's own
        if tag in _SILENT:
            self.silent.append(tag)
        self._gap(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _SILENT:  # nothing can stand in it
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.silent:
            while self.silent.pop() != tag:
                pass
        self._gap(tag)

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(" ".join(_lines_joined(data)))

    def _gap(self, tag: str) -> None:
        if tag in _BREAKS:
            self.parts.append("\n")
        elif tag in _GAPS:
            self.parts.append(" ")


def _lines_joined(data: str) -> list[str]:
    """Split at white space, keeping that there was some at either end."""
    words = data.split()
    if not words:
        return ["", ""] if data else [""]
    return [*([""] if data[0].isspace() else []), *words, *([""] if data[-1].isspace() else [])]


def plain(html: str) -> str:
    """Give the words of a piece of HTML, one line for each block; text without any mark-up stays as it is."""
    if not _LOOKS_LIKE_HTML.search(html):
        return "\n".join(line for line in (" ".join(part.split()) for part in html.splitlines()) if line)
    parser = _Words()
    parser.feed(html)
    parser.close()
    lines = (" ".join(line.split()) for line in "".join(parser.parts).split("\n"))
    return "\n".join(line for line in lines if line)


def shortened(text: str, most: int) -> str:
    """Shorten a text to at most that many characters: at the end of a sentence, else of a word with an ellipsis."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    ends = [match.end() for match in _SENTENCE_END.finditer(text, 0, most + 1) if match.end() <= most]
    if ends and ends[-1] >= most // 3:
        return text[: ends[-1]]
    cut = text[: most - 1]
    if not text[most - 1].isspace() and " " in cut:
        cut = cut[: cut.rindex(" ")]
    return cut.rstrip(" ,;:–-") + "…"  # noqa: RUF001 - a dash at the end goes too
