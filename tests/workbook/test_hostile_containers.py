"""Containers that lie, and what they link to: refused with words, and never followed (X03, X04)."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

from sync.errors import NotAWorkbook
from sync.workbook.package.container import Container
from sync.workbook.package.patch import patch
from sync.workbook.save import save
from tests.workbook.harm import EDITS, SHEET, archive, book, refused
from tests.workbook.package.reading import differing
from tests.workbooks.make import HERE
from tests.workbooks.packing import PACKAGE, worksheet
from tests.workbooks.zipping import Member, zipped

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


# ------------------------------------------------------------------------------------- X03: names, places and flags

LEADING_OUT = [
    "../x",
    "xl/../../x",
    "C:/x",
    "c:x",
    "/etc/passwd",
    "//server/share/x",
    "xl\\..\\..\\x",
    "\\\\s\\x",
    "/../x",
    "xl/x\0y",
]


@pytest.mark.parametrize("name", LEADING_OUT)
def test_x03_a_name_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    assert "leads out" in refused(archive(tmp_path / "a.xlsx", None, Member(name, b"x")))


def test_x03_a_slash_before_a_folder_of_the_package_is_let_pass(tmp_path: Path) -> None:
    """XlsxWriter names one of its parts like that."""
    path = archive(tmp_path / "a.xlsx", None, Member("/xl/richData/_rels/richValueRel.xml.rels", b"<Relationships/>"))
    patch(path, tmp_path / "b.xlsx", EDITS)
    assert differing(path, tmp_path / "b.xlsx") == {SHEET}


def test_x03_a_symbolic_link_is_refused(tmp_path: Path) -> None:
    link = Member("xl/media/image1.png", b"/etc/passwd", attributes=0o120777 << 16)
    assert "leads out" in refused(archive(tmp_path / "a.xlsx", None, link))


@pytest.mark.parametrize("name", [SHEET, "XL/WorkSheets/Sheet1.xml", "xl\\worksheets\\sheet1.xml", f"/{SHEET}"])
def test_x03_two_parts_that_somebody_takes_for_the_same_are_refused(tmp_path: Path, name: str) -> None:
    assert "two parts named" in refused(archive(tmp_path / "a.xlsx", None, Member(name, worksheet().encode())))


@pytest.mark.parametrize("where", ["local", "central"])
def test_x03_an_encrypted_part_is_refused(tmp_path: Path, where: str) -> None:
    locked = Member("xl/media/image1.png", b"x", lies={f"{where}.flags": 1})
    assert "encrypted" in refused(archive(tmp_path / "a.xlsx", None, locked))


LIES = {
    "a place behind the file": {"central.offset": 0x7FFFFFFF},
    "a place within the directory": {"central.offset": 9000},
    "another member's place": {"central.offset": 0},
    "more bytes than there are": {"central.packed": 0x7FFFFFFF, "central.size": 0x7FFFFFFF},
    "no bytes at all": {"central.packed": 0},
    "sizes left to a field that is missing": {"central.packed": 0xFFFFFFFF, "central.size": 0xFFFFFFFF},
    "a longer name": {"central.name": 40},
    "a longer extra field": {"central.extra": 60_000},
    "a longer name in front": {"local.name": 40},
    "a longer extra field in front": {"local.extra": 60_000},
    "an unknown way of packing": {"central.method": 9},
}


@pytest.mark.parametrize("lies", LIES.values(), ids=LIES)
def test_x03_a_header_that_lies_is_refused(tmp_path: Path, lies: dict[str, int]) -> None:
    refused(archive(tmp_path / "a.xlsx", None, Member("xl/media/image1.png", b"x" * 60, lies=lies)))


ENDS = {
    "a directory before the file": {"offset": 0xFFFFFF00},
    "a larger directory": {"size": 0x7FFFFFFF},
    "a smaller directory": {"size": 60},
    "fewer members than there are": {"here": len(book()) - 1, "count": len(book()) - 1},
    "more members than there are": {"here": 99, "count": 99},
    "no members": {"here": 0, "count": 0, "size": 0},
}


@pytest.mark.parametrize("lies", ENDS.values(), ids=ENDS)
def test_x03_an_end_that_lies_is_refused(tmp_path: Path, lies: dict[str, int]) -> None:
    refused(archive(tmp_path / "a.xlsx", end_lies=lies))
    if "count" not in lies:  # which is not read from there
        refused(archive(tmp_path / "a.xlsx", end_lies=lies, wide_end=True))


def test_x03_members_that_overlap_are_refused(tmp_path: Path) -> None:
    """A member within another: a bomb whose parts are the same bytes, over and over."""
    inner = zipped([Member("xl/media/2.bin", b"y" * 90)])
    inside = inner[: inner.index(b"PK\1\2")]
    plain = [Member(name, data) for name, data in book().items()]
    start = zipped(plain).index(b"PK\1\2")
    outer = Member("xl/media/1.bin", inside)
    header = 30 + len("xl/media/1.bin")
    second = Member("xl/media/2.bin", b"y" * 90, lies={"central.offset": start + header})
    path = tmp_path / "a.xlsx"
    path.write_bytes(zipped([*plain, outer, second]))
    assert "damaged" in refused(path)


def test_x03_a_file_that_was_cut_off_anywhere_is_refused(tmp_path: Path) -> None:
    content = archive(tmp_path / "a.xlsx").read_bytes()
    for length in [*range(0, len(content) - 22, 97), *range(len(content) - 22, len(content))]:
        (tmp_path / "a.xlsx").write_bytes(content[:length])
        with pytest.raises(NotAWorkbook):
            Container.open(tmp_path / "a.xlsx")


# ------------------------------------------------------------------------- X04: links, commands, macros: never followed


class _Watch:
    """Notes what the interpreter is asked to open, to reach or to start, while it is on."""

    def __init__(self) -> None:
        self.on = False
        self.seen: list[tuple[str, str]] = []
        sys.addaudithook(self._note)

    def _note(self, event: str, what: tuple[Any, ...]) -> None:
        if self.on and event in _REACHING:
            self.seen.append((event, str(what[0]) if what else ""))


_REACHING = {
    *("open", "socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "urllib.Request"),
    *("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.startfile", "ctypes.dlopen"),
}


@pytest.fixture(scope="module")
def watching() -> _Watch:
    return _Watch()  # a hook cannot be taken away again


@pytest.fixture
def watch(watching: _Watch) -> Iterator[_Watch]:
    watching.seen.clear()
    yield watching
    watching.on = False


LINKED = [
    "external-links.xlsx",
    "dde-link.xlsx",
    "sheet-with-links.xlsx",
    "macros.xlsm",
    "connections-and-strangers.xlsx",
]


@pytest.mark.parametrize("name", LINKED)
def test_x04_links_commands_and_macros_are_copied_and_never_followed(tmp_path: Path, watch: _Watch, name: str) -> None:
    path = tmp_path / name
    path.write_bytes((HERE / name).read_bytes())
    save(path, {"Records": {(9, 9): "warm"}})
    before = tmp_path / "before.xlsx"
    before.write_bytes(path.read_bytes())
    watch.on = True
    save(path, {"Records": {(9, 9): "new"}})
    watch.on = False
    assert differing(before, path) <= {SHEET, "xl/workbook.xml"}
    assert watch.seen
    for event, what in watch.seen:
        assert event == "open", (event, what)
        assert what.isdigit() or str(tmp_path) in what, what  # a number is a file that was opened before


def test_x04_what_lies_outside_is_no_part(tmp_path: Path) -> None:
    """A sheet that is said to lie on a server is no sheet, even when a part has that name."""
    parts = book()
    parts["xl/_rels/workbook.xml.rels"] = (
        f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId2" Type="x/worksheet" TargetMode="External"'
        ' Target="worksheets/sheet1.xml"/></Relationships>'
    ).encode()
    assert "no worksheet" in refused(archive(tmp_path / "a.xlsx", parts))
