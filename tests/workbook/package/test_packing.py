"""Packing in blocks: one stream that anything reads, the same bytes whoever packed which block."""

from __future__ import annotations

import random
import zlib

import pytest

from sync.workbook.package.codec import fastest, plain
from sync.workbook.package.packing import BLOCK, Packing

CODECS = {"zlib": plain(), "fastest": fastest()}


def prose(length: int) -> bytes:
    choose = random.Random(3)
    words = [f"word{choose.randint(0, 999)}".encode() for _ in range(5000)]
    made = b" ".join(choose.choice(words) for _ in range(length // 7))
    return made[:length].ljust(length, b".")


def cut(content: bytes, size: int) -> list[bytes]:
    return [content[at : at + size] for at in range(0, len(content), size)]


@pytest.mark.parametrize("codec", CODECS.values(), ids=CODECS)
@pytest.mark.parametrize("length", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 5 * BLOCK + 7])
def test_zlib_reads_what_was_packed_in_blocks(codec: object, length: int) -> None:
    content = prose(length)
    packing = Packing(codec)  # type: ignore[arg-type]  # parametrize hides the type
    packed = b"".join(packing.packed(cut(content, 300_000)))
    reader = zlib.decompressobj(-15)
    assert reader.decompress(packed) == content
    assert reader.eof
    assert not reader.unused_data
    assert (packing.size, packing.crc) == (length, zlib.crc32(content))


@pytest.mark.parametrize("codec", CODECS.values(), ids=CODECS)
def test_blocks_cost_next_to_nothing(codec: object) -> None:
    """Without the end of the block before as dictionary this fails."""
    unit = random.Random(5).randbytes(30_000)  # repeats only from one block to the next
    blocks = [unit + bytes(BLOCK - 30_000 - 30_000) + unit for _ in range(3)]
    packed = b"".join(Packing(codec).packed(blocks))  # type: ignore[arg-type]  # as above
    assert len(packed) < 6 * 30_000


def test_the_same_content_is_the_same_bytes() -> None:
    pieces = cut(prose(4 * BLOCK), 500_000)
    assert len({b"".join(Packing().packed(pieces)) for _ in range(5)}) == 1


def test_what_fails_while_the_content_is_made_is_told() -> None:
    def broken() -> list[bytes]:
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk"):
        list(Packing().packed(piece for _ in range(2) for piece in broken()))
