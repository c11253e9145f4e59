"""Packing an entry in blocks, side by side: one stream of deflate, whoever packed which block.

Each block begins with what the one before ended with as its dictionary, and ends on a whole byte, so that the blocks
put together are one stream. Where they are cut depends on the content alone: the same content is always the same bytes.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from sync.workbook.package.codec import CODEC

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Future

    from sync.workbook.package.codec import Codec

BLOCK = 1 << 21
"""Bytes: large enough that handing blocks over and cutting them costs nothing (a ten-thousandth of the size)."""
_WORKERS = 2
_WAITING = 3  # blocks that may be under way; the content is made meanwhile
_WINDOW = 1 << 15  # how far back deflate looks


class Packing:
    """Packs one entry, and counts what went in."""

    def __init__(self, codec: Codec = CODEC) -> None:
        self.crc = 0
        self.size = 0
        self._codec = codec

    def packed(self, content: Iterable[bytes]) -> Iterator[bytes]:
        """Give the packed bytes piece by piece."""
        before = b""
        with ThreadPoolExecutor(_WORKERS) as pool:
            waiting: deque[Future[bytes]] = deque()
            for block, last in _blocks(content):
                self.crc = self._codec.crc32(block, self.crc)
                self.size += len(block)
                waiting.append(pool.submit(self._codec.pack, block, before, last=last))
                before = block[-_WINDOW:]
                if len(waiting) > _WAITING:
                    yield waiting.popleft().result()
            for done in waiting:
                yield done.result()


def _blocks(content: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Gather pieces into blocks, the last of which is marked; there is always one."""
    pieces: list[bytes] = []
    length = 0
    for piece in content:
        if length >= BLOCK:
            yield b"".join(pieces), False
            pieces, length = [], 0
        pieces.append(piece)
        length += len(piece)
    yield b"".join(pieces), True
