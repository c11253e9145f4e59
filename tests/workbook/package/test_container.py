"""Opening workbooks: what is found inside, and which files are refused, with words that help."""

from __future__ import annotations

import os
import struct
import warnings
import zipfile
from typing import TYPE_CHECKING

import openpyxl
import pytest
import xlsxwriter

from sync.errors import NotAWorkbook
from sync.workbook.package.archive import Limits
from sync.workbook.package.codec import CODEC, fastest, plain
from sync.workbook.package.container import Container
from sync.workbook.package.patch import patch
from sync.workbook.verify import compare
from tests.workbook.package import making, reading
from tests.workbook.package.making import SHEET_PART, by_hand, pack, parts, sheet

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
XML = sheet('<row r="1"><c r="A1"><v>1</v></c></row>')


def refusal(path: Path, limits: Limits | None = None) -> NotAWorkbook:
    with pytest.raises(NotAWorkbook) as caught:
        Container.open(path, limits or Limits()).close()
    assert caught.value.hint
    return caught.value


FILES = {
    "empty": (b"", "is empty"),
    "text": (b"id,name\r\n1,Shoe\r\n", "text file"),
    "web page": (b"\xef\xbb\xbf\n<HTML><body><table>", "web page"),
    "XML": (b'<?xml version="1.0"?><Workbook/>', "XML file"),
    "zeros": (bytes(5000), "zeros"),
    "picture": (making.PNG, "not an .xlsx"),
    "old workbook": (OLE + "Workbook".encode("utf-16-le"), "old .xls"),
    "encrypted": (OLE + bytes(1 << 20) + "EncryptedPackage".encode("utf-16-le"), "password"),
    "start of an archive": (b"PK\x03\x04" + bytes(500), "damaged"),
}


@pytest.mark.parametrize(("content", "said"), FILES.values(), ids=FILES)
def test_a_file_that_is_no_archive_is_called_what_it_is(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    assert said in refusal(path).message


def test_a_missing_file_and_a_folder_are_called_that(tmp_path: Path) -> None:
    assert "There is no file" in refusal(tmp_path / "a.xlsx").message
    assert "is a folder" in refusal(tmp_path).message


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="everybody may read here")
def test_a_file_that_may_not_be_read_says_so(tmp_path: Path) -> None:
    path = by_hand(tmp_path / "a.xlsx", XML)
    path.chmod(0)
    assert "may not be read" in refusal(path).message


ARCHIVES = {
    "zip": ({"notes.txt": b"x"}, "zip archive"),
    "OpenDocument": ({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}, ".ods"),
    "Word": (
        {
            "_rels/.rels": making.ROOT_RELS.replace("xl/workbook", "word/document").encode(),
            "word/document.xml": b"<d/>",
        },
        "Word",
    ),
    "binary": ({"_rels/.rels": making.ROOT_RELS.replace(".xml", ".bin").encode(), "xl/workbook.bin": b"x"}, ".xlsb"),
    "no sheets": (
        parts(XML) | {"xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{making.PACKAGE}"/>'.encode()},
        "no worksheet",
    ),
    "broken list of parts": (parts(XML) | {"_rels/.rels": b"<Relationships"}, "damaged"),
    "path that leads out": (parts(XML) | {"../evil.xml": b"<x/>"}, "leads out"),
    "absolute path": (parts(XML) | {"/etc/passwd": b"x"}, "leads out"),
    "drive": (parts(XML) | {"C:evil.xml": b"<x/>"}, "leads out"),
    "backslashes that lead out": (parts(XML) | {"xl\\..\\..\\evil.xml": b"<x/>"}, "leads out"),
    "names that differ in case": (parts(XML) | {"XL/Workbook.xml": b"<x/>"}, "two parts named"),
    "DOCTYPE": (parts('<?xml version="1.0"?><!-- a --><!DOCTYPE x [<!ENTITY a "b">]>' + XML), "DOCTYPE"),
    "DOCTYPE in UTF-16": (parts(("\ufeff<!DOCTYPE x>" + XML).encode("utf-16-le")), "DOCTYPE"),
    "DOCTYPE far down": (parts("<!--" + "x" * 9000 + "--><!DOCTYPE x>" + XML), "DOCTYPE"),
}


@pytest.mark.parametrize(("content", "said"), ARCHIVES.values(), ids=ARCHIVES)
def test_an_archive_that_is_no_sound_workbook_is_refused(tmp_path: Path, content: dict[str, bytes], said: str) -> None:
    assert said in refusal(pack(tmp_path / "a.xlsx", content)).message


def test_two_entries_of_one_name_are_refused(tmp_path: Path) -> None:
    path = by_hand(tmp_path / "a.xlsx", XML)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr(SHEET_PART, XML)
    assert "two parts named xl/worksheets/sheet1.xml" in refusal(path).message


def test_an_encrypted_entry_is_refused(tmp_path: Path) -> None:
    path = by_hand(tmp_path / "a.xlsx", XML)
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    assert "encrypted" in refusal(path).message


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.999])
def test_a_truncated_file_is_called_damaged(tmp_path: Path, share: float) -> None:
    path = making.plain(tmp_path / "a.xlsx")
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    assert "damaged" in refusal(path).message


def test_a_part_whose_checksum_is_wrong_is_refused_when_it_is_read(tmp_path: Path) -> None:
    path = pack(tmp_path / "a.xlsx", parts(XML), stored=frozenset({SHEET_PART}))
    path.write_bytes(path.read_bytes().replace(b"<v>1</v>", b"<v>2</v>"))
    with pytest.raises(NotAWorkbook, match=r"sheet1\.xml"):
        patch(path, tmp_path / "b.xlsx", {"Records": {(1, 2): "x"}})


def test_a_part_that_is_larger_than_it_says_is_refused(tmp_path: Path) -> None:
    path = by_hand(tmp_path / "a.xlsx", XML + " " * 100_000)
    content = bytearray(path.read_bytes())
    at = content.index(SHEET_PART.encode(), content.index(b"PK\x01\x02")) - 46
    content[at + 24 : at + 28] = struct.pack("<L", 500)
    path.write_bytes(content)
    assert "sheet1.xml" in refusal(path).message


BOMBS = {
    "one part": Limits(part=1000),
    "all parts": Limits(total=2000),
    "packed too tightly": Limits(ratio=5, ratio_from=1000),
    "too many parts": Limits(entries=4),
}


@pytest.mark.parametrize("limits", BOMBS.values(), ids=BOMBS)
def test_a_workbook_beyond_the_limits_is_refused(tmp_path: Path, limits: Limits) -> None:
    path = by_hand(tmp_path / "a.xlsx", XML + " " * 5000)
    Container.open(path).close()
    refusal(path, limits)


def test_entries_that_overlap_are_refused(tmp_path: Path) -> None:
    path = pack(tmp_path / "a.xlsx", parts(XML) | {"a.bin": b"x" * 200, "b.bin": b"y"}, stored=frozenset({"a.bin"}))
    content = bytearray(path.read_bytes())
    central = content.index(b"PK\x01\x02")
    at = content.index(b"b.bin", central) - 46
    local = struct.unpack_from("<L", content, at + 42)[0]
    inside = content.index(b"x" * 200)
    record = content[local : local + 30 + 5]
    content[inside : inside + len(record)] = record
    struct.pack_into("<L", content, at + 42, inside)
    path.write_bytes(content)
    assert "damaged" in refusal(path).message


def test_sheets_are_listed_with_their_states(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    book.add_worksheet("Records")
    book.add_worksheet("Lists").hide()
    book.add_worksheet("_sync").very_hidden()
    book.close()
    with Container.open(tmp_path / "a.xlsx") as container:
        assert [(part.name, part.state) for part in container.sheets] == [
            ("Records", "visible"),
            ("Lists", "hidden"),
            ("_sync", "veryHidden"),
        ]
        assert container.sheet("RECORDS").part == SHEET_PART


def test_chart_sheets_are_left_out(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_chartsheet("Chart")
    book.create_sheet("Records")
    book.save(tmp_path / "a.xlsx")
    with Container.open(tmp_path / "a.xlsx") as container:
        assert [part.name for part in container.sheets] == ["Sheet", "Records"]


TARGETS = {
    "absolute": ("/xl/worksheets/sheet1.xml", SHEET_PART),
    "in other capitals": ("WorkSheets/Sheet1.XML", SHEET_PART),
    "with dots": ("../xl/./worksheets/sheet1.xml", SHEET_PART),
    "with backslashes": ("worksheets\\sheet1.xml", SHEET_PART),
    "percent-encoded": ("worksheets/sheet%31.xml", SHEET_PART),
    "stored with backslashes": ("worksheets/sheet1.xml", SHEET_PART.replace("/", "\\")),
}


@pytest.mark.parametrize(("target", "stored"), TARGETS.values(), ids=TARGETS)
def test_a_sheet_is_found_however_its_place_is_written(tmp_path: Path, target: str, stored: str) -> None:
    content = parts(XML)
    content[stored] = content.pop(SHEET_PART)
    content["xl/_rels/workbook.xml.rels"] = making.WORKBOOK_RELS.replace("worksheets/sheet1.xml", target).encode()
    source = pack(tmp_path / "a.xlsx", content)
    if "\\" in stored:  # zipfile turns them when it writes
        source.write_bytes(source.read_bytes().replace(SHEET_PART.encode(), stored.encode()))
    patch(source, tmp_path / "b.xlsx", {"Records": {(1, 2): "x"}})
    assert b'<c r="B1"' in reading.part(tmp_path / "b.xlsx", SHEET_PART if os.name == "nt" else stored)


def test_strict_and_prefixed_lists_are_read(tmp_path: Path) -> None:
    strict = "http://purl.oclc.org/ooxml/officeDocument/relationships"
    content = parts(XML)
    content["_rels/.rels"] = making.ROOT_RELS.replace(making.OFFICE, strict).encode()
    content["xl/_rels/workbook.xml.rels"] = making.WORKBOOK_RELS.replace(making.OFFICE, strict).encode()
    content["xl/workbook.xml"] = (
        f'<s:workbook xmlns:s="{making.STRICT}" xmlns:q="{strict}"><s:sheets>'
        '<s:sheet name="Records" sheetId="1" state="hidden" q:id="rId1"/></s:sheets></s:workbook>'
    ).encode()
    with Container.open(pack(tmp_path / "a.xlsx", content)) as container:
        assert [(part.name, part.state) for part in container.sheets] == [("Records", "hidden")]


def test_a_signed_workbook_is_known_as_such(tmp_path: Path) -> None:
    with Container.open(by_hand(tmp_path / "a.xlsx", XML, {"_xmlsignatures/origin.sigs": b""})) as container:
        assert container.signed


def with_prefix(path: Path) -> Path:
    pack(path, parts(XML))
    path.write_bytes(b"#!/bin/sh\n" * 7 + path.read_bytes())
    return path


def with_extras(path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts(XML).items():
            info = zipfile.ZipInfo(name, (1999, 12, 31, 23, 59, 58))
            info.extra = struct.pack("<2H4s", 0xCAFE, 4, b"abcd")
            info.comment = b"a comment"
            archive.writestr(info, data)
        archive.comment = b"of the archive"
    return path


def with_zip64_end(path: Path) -> Path:
    """Write an end record that leaves everything to its zip64 sibling."""
    pack(path, parts(XML))
    content = path.read_bytes()
    end = content.rindex(b"PK\x05\x06")
    count, size, offset = struct.unpack_from("<H2L", content, end + 10)
    wide = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, offset)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
    plain_end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    path.write_bytes(content[:end] + wide + locator + plain_end)
    return path


def with_wide_offsets(path: Path) -> Path:
    """Write directory records that keep the offset in a zip64 field."""
    pack(path, parts(XML))
    content = path.read_bytes()
    end = content.rindex(b"PK\x05\x06")
    start = struct.unpack_from("<L", content, end + 16)[0]
    central, at = b"", start
    while at < end:
        name_length = struct.unpack_from("<H", content, at + 28)[0]
        record = bytearray(content[at : at + 46 + name_length])
        offset = struct.unpack_from("<L", record, 42)[0]
        struct.pack_into("<H", record, 30, 12)
        struct.pack_into("<L", record, 42, 0xFFFFFFFF)
        central += record + struct.pack("<2HQ", 1, 8, offset)
        at += 46 + name_length
    tail = bytearray(content[end:])
    struct.pack_into("<L", tail, 12, len(central))
    path.write_bytes(content[:start] + central + tail)
    return path


CONTAINERS: dict[str, Callable[[Path], Path]] = {
    "bytes before the archive": with_prefix,
    "extra fields and comments": with_extras,
    "zip64 end record": with_zip64_end,
    "zip64 offsets": with_wide_offsets,
    "data descriptors": lambda path: making.streamed(path, parts(XML)),
    "data descriptors with zip64": lambda path: making.streamed(path, parts(XML), zip64=True),
    "stored": lambda path: pack(path, parts(XML), stored=frozenset(parts(XML))),
    "comment": lambda path: pack(path, parts(XML), comment=b"a comment"),
}


@pytest.mark.parametrize("make", CONTAINERS.values(), ids=CONTAINERS)
def test_containers_of_every_make_keep_all_that_is_not_the_sheet(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    source, target = make(tmp_path / "a.xlsx"), tmp_path / "b.xlsx"
    edits = {"Records": {(1, 1): "new" * 200, (7, 7): "x"}}
    patch(source, target, edits)
    assert compare(source, target, edits).ok
    assert reading.differing(source, target) == {SHEET_PART}
    assert source.read_bytes()[:100] == target.read_bytes()[:100]
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target) as new:
        assert old.comment == new.comment
        for one, other in zip(old.infolist(), new.infolist(), strict=True):
            assert (one.date_time, one.external_attr, one.comment) == (
                other.date_time,
                other.external_attr,
                other.comment,
            )
            assert one.extra[:8] == other.extra[:8] or one.extra[:2] == b"\1\0"
    patch(target, tmp_path / "c.xlsx", {"Records": {(1, 1): 1, (7, 7): None}})


def test_both_codecs_read_what_the_other_wrote() -> None:
    content = b"some text, again and again " * 1000
    for writer in (plain(), fastest()):
        packed = writer.pack(content, b"", last=True)
        for reader in (plain(), fastest(), CODEC):
            assert reader.inflater().decompress(packed) == content
