"""Files that would fill the memory, or lead elsewhere by their XML: refused before they are unpacked (X01, X02)."""

from __future__ import annotations

import subprocess
import sys
import zlib
from functools import cache
from pathlib import Path

import pytest

from sync.workbook.package.patch import patch
from sync.workbook.read import read
from tests.workbook.harm import EDITS, SHEET, archive, book, refused, refused_when_used
from tests.workbook.package.reading import differing, part
from tests.workbooks.packing import Book, worksheet
from tests.workbooks.zipping import Member, zipped

DOCTYPES = {
    "laughs": '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>',
    "of a file": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
    "of a server": '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
    "with parameters": '<!DOCTYPE x [<!ENTITY % a SYSTEM "file:///etc/hostname"> %a;]>',
    "far down": f"<!-- {'x' * 100_000} --><!DOCTYPE x>",
}


def test_the_workbook_that_is_made_harmful_here_is_sound(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.xlsx")
    patch(path, tmp_path / "b.xlsx", EDITS)
    assert differing(path, tmp_path / "b.xlsx") == {SHEET}
    assert read(path).columns[1][0] == "P002"


# --------------------------------------------------------------------------------- X01: what fills the memory


@cache
def zeros(megabytes: int) -> bytes:
    """Deflated zeros: a thousandth of what they unpack to."""
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    return b"".join(deflater.compress(bytes(1 << 20)) for _ in range(megabytes)) + deflater.flush()


def raw(name: str, packed: bytes, size: int, crc: int = 0) -> Member:
    """Make a member whose compressed bytes are these, whatever its headers say."""
    known = {f"{where}.{field}": value for where in ("local", "central") for field, value in (
        ("method", 8), ("size", size), ("crc", crc))}  # fmt: skip
    return Member(name, packed, lies=known)


def test_x01_a_bomb_is_refused_by_what_its_headers_say(tmp_path: Path) -> None:
    packed = zeros(300)
    path = archive(tmp_path / "a.xlsx", None, raw("xl/media/image1.bin", packed, 300 << 20))
    assert path.stat().st_size < 400_000
    assert "MB once unpacked" in refused(path)


LIMITED = """
import resource, sys, time
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from sync.errors import NotAWorkbook
from sync.workbook.package.patch import patch
from sync.workbook.read import read
base = int(next(line for line in open("/proc/self/status") if line.startswith("VmSize")).split()[1]) << 10
resource.setrlimit(resource.RLIMIT_AS, (base + (64 << 20),) * 2)
started = time.monotonic()
for act in (lambda path: patch(path, path.with_name("b.xlsx"), {"Records": {(2, 3): "x"}}), read):
    try:
        act(Path(sys.argv[2]))
    except NotAWorkbook as error:
        print(error.message)
assert time.monotonic() - started < 5
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs limits of a process")
@pytest.mark.parametrize("part", [SHEET, "docProps/core.xml"])
def test_x01_a_bomb_whose_headers_lie_takes_no_memory(tmp_path: Path, part: str) -> None:
    parts = book()
    del parts[part]
    path = archive(tmp_path / "a.xlsx", parts, raw(part, zeros(300), 5000))
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(Path.cwd()), str(path)], check=True, capture_output=True, text=True
    )
    assert done.stdout.count(f"The workbook is damaged: {part} inside it cannot be read.\n") == 2


@pytest.mark.parametrize(
    ("sizes", "said"),
    [([(1 << 30) + 1], "once unpacked"), ([3 << 29] * 2, "once unpacked"), ([90 << 20] * 20, "once unpacked")],
    ids=["a part", "all parts", "many small bombs"],
)
def test_x01_what_would_be_too_much_is_refused(tmp_path: Path, sizes: list[int], said: str) -> None:
    bombs = [raw(f"xl/media/{number}.bin", bytes(size >> 14), size) for number, size in enumerate(sizes)]
    assert said in refused(archive(tmp_path / "a.xlsx", None, *bombs))


def test_x01_more_parts_than_any_workbook_has_are_refused(tmp_path: Path) -> None:
    many = [Member(f"x/{number}", b"") for number in range(10_000)]
    assert "10,000 is the limit" in refused(archive(tmp_path / "a.xlsx", None, *many))


def test_x01_a_bomb_within_an_embedded_file_is_left_packed(tmp_path: Path) -> None:
    inner = zipped([raw("x", zeros(50), 50 << 20)])
    path = archive(tmp_path / "a.xlsx", None, Member("xl/embeddings/inner.xlsx", inner))
    patch(path, tmp_path / "b.xlsx", EDITS)
    assert differing(path, tmp_path / "b.xlsx") == {SHEET}


# ---------------------------------------------------------------------------------- X02: entities and document types


@pytest.mark.parametrize("part", sorted(book()))
def test_x02_a_document_type_in_any_part_is_refused(tmp_path: Path, part: str) -> None:
    for name, doctype in DOCTYPES.items():
        parts = book()
        start, declared, rest = parts[part].rpartition(b"?>\n")
        parts[part] = start + declared + doctype.encode() + rest
        assert "DOCTYPE" in refused(archive(tmp_path / "a.xlsx", parts)), name


@pytest.mark.parametrize("doctype", DOCTYPES.values(), ids=DOCTYPES)
def test_x02_a_document_type_in_a_part_of_any_name_is_refused_where_it_is_read(tmp_path: Path, doctype: str) -> None:
    """A sheet need not be called .xml: its relationship leads to it."""
    made = Book()
    made.sheet(worksheet().replace("?>\n", f"?>\n{doctype}"), part="xl/sheet1.dat")
    refused_when_used(archive(tmp_path / "a.xlsx", made.everything()))


def test_x02_an_entity_that_nobody_declared_stays_as_it_is_spelled(tmp_path: Path) -> None:
    made = Book()
    made.sheet(worksheet().replace("P003", "&outside;"))
    path = archive(tmp_path / "a.xlsx", made.everything())
    patch(path, tmp_path / "b.xlsx", EDITS)
    assert b"<t>&outside;</t>" in part(tmp_path / "b.xlsx", SHEET)
