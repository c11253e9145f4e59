"""Deflate and inflate: isal when it is installed (several times faster), zlib otherwise.

The two differ only in speed and in the size of what they write; either reads what the other wrote.
"""

from __future__ import annotations

import zlib
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable


class Deflater(Protocol):
    """What feeds one block of a zip entry."""

    def compress(self, data: bytes, /) -> bytes:
        """Take more bytes, give what is ready."""
        ...

    def flush(self, mode: int, /) -> bytes:
        """Give the rest: of the entry, or up to a whole byte."""
        ...


class Inflater(Protocol):
    """What reads one zip entry."""

    @property
    def unconsumed_tail(self) -> bytes:
        """What was not looked at yet because the answer was full."""
        ...

    @property
    def eof(self) -> bool:
        """Whether the stream has ended."""
        ...

    def decompress(self, data: bytes, max_length: int = 0, /) -> bytes:
        """Give at most `max_length` bytes."""
        ...


_RAW = -15  # a zip entry is deflate without the zlib header
_MEMORY = 8  # what zlib takes by itself
_SYNC, _FINISH = zlib.Z_SYNC_FLUSH, zlib.Z_FINISH  # the same in either library
_ZLIB_LEVEL = 1  # generated prose: a fourth of the time of level 6 for a sixth more bytes
_ISAL_LEVEL = 2


class Codec:
    """One deflate library."""

    def __init__(self, name: str, module: Any, level: int) -> None:
        self.name = name
        self.level = level
        self._module = module
        self.crc32: Callable[[bytes, int], int] = module.crc32
        self.error: type[Exception] = module.error

    def pack(self, block: bytes, before: bytes, *, last: bool) -> bytes:
        """Deflate one block of an entry, so that it can follow the block that ends with `before`."""
        options = (before,) if before else ()
        deflater: Deflater = self._module.compressobj(self.level, 8, _RAW, _MEMORY, 0, *options)
        return deflater.compress(block) + deflater.flush(_FINISH if last else _SYNC)

    def inflater(self) -> Inflater:
        """Start reading one zip entry."""
        reader: Inflater = self._module.decompressobj(_RAW)
        return reader


def fastest() -> Codec:
    """Choose the library: the optional one when it can be imported."""
    try:
        return Codec("isal", import_module("isal.isal_zlib"), _ISAL_LEVEL)
    except ImportError:
        return plain()


def plain() -> Codec:
    """Choose the library that is always there."""
    return Codec("zlib", zlib, _ZLIB_LEVEL)


CODEC = fastest()
