"""Workbooks whose zip container is unusual, though nothing in it is wrong."""

from __future__ import annotations

import struct
from typing import Any

from tests.workbooks.packing import Book
from tests.workbooks.zipping import Member, zipped

# The time of change, to the second, as Info-ZIP writes it.
_TIMES = struct.pack("<2HBL", 0x5455, 5, 1, 1_614_834_367)


def _archive(more: dict[str, Any] | None = None, **how: Any) -> bytes:
    """Make a small workbook; `more` goes for every member, the rest for the archive."""
    book = Book()
    book.sheet()
    return zipped((Member(name, data, **(more or {})) for name, data in book.everything().items()), **how)


def _with_folders() -> bytes:
    book = Book()
    book.sheet()
    folders = [Member(name, b"", attributes=0o40755 << 16 | 0x10) for name in ("xl/", "xl/worksheets/", "_rels/")]
    return zipped([*folders, *(Member(name, data) for name, data in book.everything().items())])


def _backwards() -> bytes:
    """Put the sheet first, the list of content types last."""
    book = Book()
    book.sheet()
    return zipped(Member(name, data) for name, data in reversed(book.everything().items()))


def _mixed() -> bytes:
    """Every other member is packed in another way."""
    book = Book()
    book.sheet()
    ways: list[dict[str, Any]] = [
        {},
        {"packing": "blocks"},
        {"packing": "blocks", "descriptor": "signed"},
        {"wide": "both"},
    ]
    members = [Member(name, data, **ways[at % 4]) for at, (name, data) in enumerate(book.everything().items())]
    return zipped(members, comment=b"made by nobody")


BOOKS = {
    "zip-deflated": lambda: _archive({"packing": "blocks"}),
    "zip-with-descriptors": lambda: _archive({"packing": "blocks", "descriptor": "signed"}),
    "zip-with-bare-descriptors": lambda: _archive({"packing": "blocks", "descriptor": "bare"}),
    "zip64": lambda: _archive({"packing": "blocks", "wide": "both"}, wide_end=True),
    "zip64-in-the-directory": lambda: _archive({"wide": "central"}),
    "zip64-with-descriptors": lambda: _archive({"packing": "blocks", "descriptor": "wide", "wide": "local"}),
    "zip64-at-the-end": lambda: _archive(wide_end=True),
    "zip-after-other-bytes": lambda: _archive(before=b"#!/bin/sh\nexit 1\n" * 20),
    "zip-after-other-bytes-that-count": lambda: _archive(before=b"#!/bin/sh\nexit 1\n" * 20, counted=True),
    "zip-with-gaps": lambda: _archive(between=b"left over"),
    "zip-with-comment": lambda: _archive(comment=b"a comment of the archive"),
    "zip-with-extra-fields": lambda: _archive({"extra": _TIMES, "comment": b"a comment"}),
    "zip-with-names-in-utf-8": lambda: _archive({"flags": 0x800}),
    "zip-with-folders": _with_folders,
    "zip-backwards": _backwards,
    "zip-mixed": _mixed,
}
