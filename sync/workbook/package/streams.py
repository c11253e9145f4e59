"""The two sheets that the quick comparison walks through: the old one in batches of rows, the new one as bytes."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from sync.workbook.package.spelling import Spelling, Unusual

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROOT = re.compile(rb"<(?!\?)([A-Za-z_][\w.-]*:)?[A-Za-z_]")
_ENCODING = re.compile(rb'encoding\s*=\s*["\'](?!utf-?8["\'])', re.IGNORECASE)
_LONGEST = 1 << 24  # bytes between the ends of two rows
_AHEAD = 1 << 21  # bytes of the new sheet that are there when a row is looked at


class Batch(NamedTuple):
    """Some rows of the old sheet, with all that stands before, between and (in the last batch) after them."""

    text: bytes
    numbers: list[int]
    starts: list[int]
    """Where each row starts."""
    last: bool


class Old:
    """The sheet as it was, a batch of rows at a time."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self.formulas = 0
        self._number = 0
        self._chunks = chunks
        self._start = next(chunks, b"")
        start = self._start.removeprefix(b"\xef\xbb\xbf")
        prolog = start.find(b"?>") + 2 if start.startswith(b"<?xml") else 0
        root = _ROOT.search(start)
        if root is None or prolog == 1 or not start.startswith(b"<") or _ENCODING.search(start, 0, prolog):
            raise Unusual
        self._prolog = prolog + len(self._start) - len(start)
        self.spelling = Spelling(root[1] or b"")

    def batches(self) -> Iterator[Batch]:
        """Cut the sheet where rows end."""
        end = self.spelling.row_end
        waiting, skip = self._start, self._prolog
        while chunk := next(self._chunks, b""):
            stop = waiting.rfind(end) + len(end)
            if stop >= len(end):
                yield self._batch(waiting[:stop], skip, last=False)
                waiting, skip = waiting[stop:], 0
            if len(waiting) > _LONGEST:
                raise Unusual
            waiting += chunk
        yield self._batch(waiting, skip, last=True)

    def _batch(self, text: bytes, skip: int, *, last: bool) -> Batch:
        """Find the rows; each must say its number first, and they must ascend, as the cells of each must."""
        for found in self.spelling.notable.finditer(text, skip):
            if found[0].startswith((b"<!", b"<?")):
                raise Unusual
            self.formulas += 1
        tags = list(self.spelling.rows.finditer(text))
        numbers = [int(tag[1] or 0) for tag in tags]
        if any(one >= other for one, other in pairwise([self._number, *numbers])):
            raise Unusual
        if not self.spelling.ascends(text):
            raise Unusual
        self._number = numbers[-1] if numbers else self._number
        return Batch(text, numbers, [tag.start() for tag in tags], last)


class New:
    """The sheet as it is now, and how far it was compared."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._ended = False
        self.raw = b""
        self.at = 0

    def ahead(self, size: int = _AHEAD) -> None:
        """Have at least so many bytes to look at, or all there are. Places in `raw` change."""
        if self._ended or len(self.raw) - self.at >= size:
            return
        pieces, length = [self.raw[self.at :]], len(self.raw) - self.at
        while length < 2 * size:
            chunk = next(self._chunks, b"")
            self._ended = not chunk
            if self._ended:
                break
            pieces.append(chunk)
            length += len(chunk)
        self.raw, self.at = b"".join(pieces), 0

    def same(self, expected: bytes) -> None:
        """Step over bytes, which must be these."""
        if not self.follows(expected):
            raise Unusual

    def follows(self, expected: bytes) -> bool:
        """Step over bytes if they are these."""
        self.ahead(len(expected))
        if not self.raw.startswith(expected, self.at):
            return False
        self.at += len(expected)
        return True

    def hint(self, expected: bytes, pattern: re.Pattern[bytes]) -> None:
        """Step over bytes of which one match of the pattern may be another."""
        if hint := pattern.search(expected):
            self.same(expected[: hint.start()])
            self.ahead()
            now = pattern.match(self.raw, self.at)
            if now is None:
                raise Unusual
            self.at = now.end()
            expected = expected[hint.end() :]
        self.same(expected)

    def ended(self) -> bool:
        """Whether all was compared."""
        self.ahead(1)
        return self._ended and self.at == len(self.raw)
