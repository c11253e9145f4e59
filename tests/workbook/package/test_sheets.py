"""New sheets in somebody's workbook: added without a byte of the rest changed, and written anew only where ours."""

from __future__ import annotations

import os
import re
import struct
import warnings
import zipfile
from typing import TYPE_CHECKING, ClassVar

import openpyxl
import pytest
import xlsxwriter

from sync.errors import WorkbookError
from sync.workbook.package.container import Container
from sync.workbook.package.patch import patch
from sync.workbook.package.sheets import NewSheet
from sync.workbook.save import save
from sync.workbook.verify import compare
from tests.workbook.package import making, reading
from tests.workbook.package.making import SHEET_PART, by_hand, pack, parts, sheet, streamed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from sync.model import CellValue
    from sync.workbook.certificate import Certificate
    from sync.workbook.package.edits import Edits

ROWS: Sequence[Sequence[CellValue]] = (
    ("Keyword", "Volume", "Note", "Decision"),
    ("=SUM(A1)", 12, "a text that is longer than forty characters, so that it wraps", None),
    ("+x", 0.5, "<&> ä😀\nsecond line", "keep"),
    ("00123", True, "_x0041_", ""),
)
KEYWORDS = NewSheet("Keywords", ROWS, widths=(30,), choices={4: ("keep", "drop")})
SYNC = NewSheet("_sync", (("workbook id", "abc"), ("layout", "1")), state="veryHidden", headed=False)
HELD = {
    (row, column): value
    for row, values in enumerate(ROWS, 1)
    for column, value in enumerate(values, 1)
    if value not in {None, ""}
}
LISTS = {"xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"}
STYLES = "xl/styles.xml"


def added(source: Path, sheets: Sequence[NewSheet], edits: Edits | None = None) -> tuple[Path, Certificate]:
    """Patch, and have the comparison agree."""
    target = source.with_name("after" + source.suffix)
    patch(source, target, edits or {}, sheets)
    certificate = compare(source, target, edits or {}, sheets)
    assert certificate.ok, certificate.unplanned
    return target, certificate


def entries(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {info.filename: archive.read(info) for info in archive.infolist()}


def opened(path: Path) -> openpyxl.Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(path)


def inserted(before: bytes, after: bytes) -> bytes:
    """Give what stands in the new bytes and not in the old; all others must be the same."""
    start = next(at for at in range(len(after)) if before[at : at + 1] != after[at : at + 1])
    end = len(before) - start
    assert before == after[:start] + after[len(after) - end :]
    return after[start : len(after) - end]


def without_names(xml: bytes, codec: str = "utf-8") -> bytes:
    """Take the names of our filters out, and their list when nothing else is in it."""
    text = re.sub(
        r'<(\w:)?definedName name="_xlnm._FilterD[^<]*\'Keywords\'![^<]*</(\w:)?definedName>', "", xml.decode(codec)
    )
    return re.sub(r"<(\w:)?definedNames></(\w:)?definedNames>", "", text).encode(codec)


def held(path: Path, name: str = "Keywords") -> dict[tuple[int, int], object]:
    """Read a sheet with openpyxl, which leaves escapes as they are spelled."""
    grid = reading.by_openpyxl(path, name)
    return {place: "_x0041_" if value == "_x005F_x0041_" else value for place, value in grid.items()}


@pytest.mark.parametrize("make", [making.plain, making.by_openpyxl, making.rich])
def test_sheets_are_added_and_everything_else_stays(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    source = make(tmp_path / "before.xlsx")
    target, certificate = added(source, [KEYWORDS, SYNC], {"Records": {(3, 3): "new"}})
    old, new = entries(source), entries(target)
    assert list(new)[: len(old)] == list(old)
    assert list(new)[len(old) :] == ["xl/worksheets/sheet3.xml", "xl/worksheets/sheet4.xml"]
    assert {name for name in old if old[name] != new[name]} == LISTS | {STYLES, SHEET_PART}
    for name in LISTS:
        inserted(old[name].replace(b"<definedNames/>", b""), without_names(new[name]))
    assert certificate.sheets_added == 2
    assert certificate.cells_changed == 1
    assert "1 cell changed, 2 sheets added, " in certificate.line()
    book = opened(target)
    assert book.sheetnames == ["Records", "Other", "Keywords", "_sync"]
    assert [book[name].sheet_state for name in book.sheetnames] == ["visible", "visible", "visible", "veryHidden"]
    assert held(target) == HELD
    assert reading.by_openpyxl(target, "Records") == reading.by_openpyxl(source, "Records") | {(3, 3): "new"}
    assert reading.by_calamine(target, "Keywords")[4, 3] == "_x0041_"
    assert reading.by_calamine(target, "_sync") == {(1, 1): "workbook id", (1, 2): "abc", (2, 1): "layout", (2, 2): "1"}


def test_a_new_sheet_has_looks_and_the_old_formats_keep_their_numbers(tmp_path: Path) -> None:
    source = making.rich(tmp_path / "before.xlsx")
    target, _ = added(source, [KEYWORDS])
    old, new = opened(source), opened(target)
    page = new["Keywords"]
    assert page["A1"].font.b
    assert page["A1"].font.name == old["Records"]["A1"].font.name
    assert page["A1"].fill.fill_type == "solid"
    assert page["C2"].alignment.wrap_text
    assert page["A2"].data_type == "s"
    assert page["A2"].quotePrefix
    assert not page["B2"].quotePrefix
    assert (page.freeze_panes, page.auto_filter.ref) == ("A2", "A1:D1048576")
    assert [page.column_dimensions[name].width for name in "ABCD"] == [30, 18, 50, 18]
    (rule,) = page.data_validations.dataValidation
    assert (rule.formula1, str(rule.sqref), rule.type) == ('"keep,drop"', "D2:D1048576", "list")
    for one, other in zip(old["Records"]["A1":"H9"], new["Records"]["A1":"H9"], strict=True):
        for cell, same in zip(one, other, strict=True):
            for look in ("font", "fill", "alignment", "number_format"):
                assert repr(getattr(cell, look)) == repr(getattr(same, look))


@pytest.mark.parametrize("known", ["", "<definedName name='a'>Records!$A$1</definedName>"])
def test_a_filter_has_the_name_that_libreoffice_looks_for(tmp_path: Path, known: str) -> None:
    names = f"<definedNames>{known}</definedNames>" if known else ""
    workbook = making.WORKBOOK.replace(
        "</workbook>", "<externalReferences/>" + names + "<oleSize ref='A1'/></workbook>"
    )
    source = by_hand(tmp_path / "a.xlsx", ONE, {"xl/workbook.xml": workbook})
    target, _ = added(source, [NewSheet("Ada's & Co", (("a", "b"),)), SYNC, KEYWORDS], {"Records": {(1, 1): 2}})
    name = '<definedName name="_xlnm._FilterDatabase" localSheetId="{}" hidden="1">{}</definedName>'
    ours = name.format(1, "'Ada''s &amp; Co'!$A$1:$B$1048576") + name.format(3, "'Keywords'!$A$1:$D$1048576")
    expected = f"<externalReferences/><definedNames>{known}{ours}</definedNames><oleSize ref='A1'/></workbook>"
    assert reading.part(target, "xl/workbook.xml").decode().endswith(expected)
    assert opened(target)["Ada's & Co"].auto_filter.ref == "A1:B1048576"


ODD_STYLES = {
    "missing": None,
    "without cell formats": f'<styleSheet xmlns="{making.MAIN}"><fonts><font/></fonts></styleSheet>',
    "without fonts": f'<styleSheet xmlns="{making.MAIN}"><cellXfs><xf/></cellXfs></styleSheet>',
    "counted wrong": f'<styleSheet xmlns="{making.MAIN}"><fonts><font/></fonts><cellXfs count="2"><xf/></cellXfs>'
    "</styleSheet>",
}


def styled(path: Path, styles: str | None) -> Path:
    relation = f'<Relationship Id="rId5" Type="{making.OFFICE}/styles" Target="styles.xml"/></Relationships>'
    rels = {"xl/_rels/workbook.xml.rels": making.WORKBOOK_RELS.replace("</Relationships>", relation)}
    return by_hand(
        path, sheet('<row r="1"><c r="A1" t="b"><v>1</v></c></row>'), rels | ({STYLES: styles} if styles else {})
    )


@pytest.mark.parametrize("styles", ODD_STYLES.values(), ids=ODD_STYLES)
def test_where_the_styles_are_odd_a_sheet_goes_without(tmp_path: Path, styles: str | None) -> None:
    source = styled(tmp_path / "a.xlsx", styles)
    target, _ = added(source, [KEYWORDS])
    assert entries(target).get(STYLES) == entries(source).get(STYLES)
    assert b" s=" not in reading.part(target, "xl/worksheets/sheet2.xml")
    assert reading.by_calamine(target, "Keywords")[2, 1] == "=SUM(A1)"


def test_small_and_prefixed_styles_are_added_to(tmp_path: Path) -> None:
    xml = (
        f"<s:styleSheet xmlns:s='{making.MAIN}'><!-- <cellXfs/> --><s:fonts count='1'><s:font/></s:fonts><s:cellXfs"
        " count='1' ><s:xf fontId='0'/></s:cellXfs></s:styleSheet>"
    )
    target, _ = added(styled(tmp_path / "a.xlsx", xml), [KEYWORDS])
    assert reading.part(target, STYLES).decode() == xml.replace("fonts count='1'", "fonts count='2'").replace(
        "</s:fonts>", "<s:font><s:b/></s:font></s:fonts>"
    ).replace(" count='1' >", " count='4' >").replace(
        "</s:cellXfs>",
        '<s:xf fontId="1" numFmtId="0" applyFont="1" applyAlignment="1"><s:alignment vertical="top" wrapText="1"/>'
        '</s:xf><s:xf fontId="0" numFmtId="0" quotePrefix="1" applyAlignment="1">'
        '<s:alignment vertical="top" wrapText="1"/>'
        '</s:xf><s:xf fontId="0" numFmtId="0" applyAlignment="1"><s:alignment vertical="top"/></s:xf></s:cellXfs>',
    )


STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
ONE = sheet('<row r="1"><c r="A1"><v>1</v></c></row>')
PLAIN = {name: content.decode().partition("?>")[2] or content.decode() for name, content in parts(ONE).items()}


def prefixed() -> dict[str, str]:
    content = dict(PLAIN)
    for name, letter in (("xl/workbook.xml", "x"), ("xl/_rels/workbook.xml.rels", "p"), ("[Content_Types].xml", "t")):
        xml = re.sub(r"<(/?)(?=[A-Za-z])", rf"<\1{letter}:", content[name])
        content[name] = (
            xml.replace("xmlns=", f"xmlns:{letter}=").replace("xmlns:r=", "xmlns:q=").replace("r:id", "q:id")
        )
    return content


def strict() -> dict[str, str]:
    return {
        name: xml.replace(making.MAIN, making.STRICT).replace(making.OFFICE, STRICT_OFFICE)
        for name, xml in PLAIN.items()
    }


def elsewhere() -> dict[str, str]:
    content = {name: xml.replace("worksheets/sheet1.xml", "my%20tabs/Blatt.xml") for name, xml in PLAIN.items()}
    content["xl/my tabs/Blatt.xml"] = content.pop(SHEET_PART)
    return content


def self_declared() -> dict[str, str]:
    xml = PLAIN["xl/workbook.xml"].replace(f' xmlns:r="{making.OFFICE}"', "")
    return PLAIN | {
        "xl/workbook.xml": xml.replace("<sheet ", f'<sheet xmlns:k="{making.OFFICE}" ').replace("r:id", "k:id")
    }


PACKAGES: dict[str, dict[str, str]] = {
    "plain": PLAIN,
    "prefixed": prefixed(),
    "strict": strict(),
    "in another folder, without a number": elsewhere(),
    "a namespace declared by each sheet": self_declared(),
    "single quotes and comments": {
        name: xml.replace('"', "'")
        .replace("</sheets>", "\n</sheets >")
        .replace("<sheets>", "<!-- </sheets> --><sheets>")
        for name, xml in PLAIN.items()
    },
    "other parts behind": PLAIN
    | {
        "xl/worksheets/Sheet2.XML": "<x/>",
        "xl/worksheets/_rels/sheet3.xml.rels": making.ROOT_RELS.replace("xl/", "/xl/"),
    },
    "a type for a part that is gone": PLAIN
    | {
        "[Content_Types].xml": PLAIN["[Content_Types].xml"].replace(
            "</Types>", '<Override PartName="/xl/worksheets/Sheet2.xml" ContentType="a/b"/></Types>'
        )
    },
}
NAMES = {
    "in another folder, without a number": "xl/my tabs/Blatt1.xml",
    "other parts behind": "xl/worksheets/sheet4.xml",
    "a type for a part that is gone": "xl/worksheets/sheet3.xml",
}


@pytest.mark.parametrize("kind", PACKAGES)
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
def test_packages_of_every_spelling_take_a_sheet(tmp_path: Path, kind: str, codec: str) -> None:
    content = {
        name: (f"<?xml version='1.0' encoding='{codec[:6].rstrip('-s')}'?>" + xml).encode(codec)
        if name in LISTS
        else xml.encode()
        for name, xml in PACKAGES[kind].items()
    }
    source = pack(tmp_path / "a.xlsx", content)
    target, certificate = added(source, [KEYWORDS])
    new = entries(target)
    name = NAMES.get(kind, "xl/worksheets/sheet2.xml")
    assert list(new) == [*content, name]
    assert {name for name in content if content[name] != new[name]} == LISTS
    for part in LISTS:
        inserted(content[part], without_names(new[part], codec))
    assert certificate.parts_untouched == len(content) - 3
    with Container.open(target) as container:
        assert [(one.name, one.part, one.state) for one in container.sheets][1:] == [("Keywords", name, "visible")]
    if codec != "utf-16" and "folder" not in kind:  # calamine reads neither that nor a folder with a space
        assert reading.by_calamine(target, "Keywords")[3, 1] == "+x"
    if kind != "strict" and "folder" not in kind:  # nor openpyxl
        assert held(target) == HELD


def test_what_is_inserted_is_spelled_as_its_neighbours_are(tmp_path: Path) -> None:
    source = pack(tmp_path / "a.xlsx", {name: xml.encode() for name, xml in prefixed().items()})
    target, _ = added(source, [SYNC])
    one, other = entries(source), entries(target)
    assert inserted(one["xl/workbook.xml"], other["xl/workbook.xml"]) in {
        b'<x:sheet name="_sync" sheetId="2" state="veryHidden" q:id="rId2"/>',
        b'x:sheet name="_sync" sheetId="2" state="veryHidden" q:id="rId2"/><',
    }
    strict_source = pack(tmp_path / "b.xlsx", {name: xml.encode() for name, xml in strict().items()})
    strict_target, _ = added(strict_source, [SYNC])
    assert f'Type="{STRICT_OFFICE}/worksheet" Target="worksheets/sheet2.xml"'.encode() in reading.part(
        strict_target, "xl/_rels/workbook.xml.rels"
    )
    assert f'<worksheet xmlns="{making.STRICT}">'.encode() in reading.part(strict_target, "xl/worksheets/sheet2.xml")


@pytest.mark.skipif(os.name == "nt", reason="zipfile turns the names on Windows")
def test_names_with_backslashes_get_a_neighbour_with_backslashes(tmp_path: Path) -> None:
    source = by_hand(tmp_path / "a.xlsx", PLAIN[SHEET_PART])
    source.write_bytes(source.read_bytes().replace(b"xl/worksheets/sheet1.xml", b"xl\\worksheets\\sheet1.xml"))
    content = entries(source)["[Content_Types].xml"]
    assert b"/xl/worksheets/sheet1.xml" in content  # packed, so that only names of entries were turned
    target, _ = added(source, [KEYWORDS], {"Records": {(1, 2): "x"}})
    assert list(entries(target))[-1] == "xl\\worksheets\\sheet2.xml"
    with Container.open(target) as container:
        assert [one.name for one in container.sheets] == ["Records", "Keywords"]


def test_an_archive_with_a_wide_end_record_counts_its_new_entries(tmp_path: Path) -> None:
    source = by_hand(tmp_path / "a.xlsx", ONE)
    content = source.read_bytes()
    end = content.rindex(b"PK\x05\x06")
    count, size, offset = struct.unpack_from("<HLL", content, end + 10)
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, offset)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
    source.write_bytes(content[:end] + record + locator + content[end:])
    target, _ = added(source, [KEYWORDS, SYNC])
    with Container.open(target) as container:
        assert [one.name for one in container.sheets] == ["Records", "Keywords", "_sync"]


def test_names_that_start_with_a_slash_get_a_neighbour_like_that(tmp_path: Path) -> None:
    source = pack(
        tmp_path / "a.xlsx",
        {f"/{name}" if name.startswith("xl/") else name: xml.encode() for name, xml in PLAIN.items()},
    )
    target, _ = added(source, [KEYWORDS, SYNC], {"Records": {(1, 2): "x"}})
    assert list(entries(target))[-2:] == ["/xl/worksheets/sheet2.xml", "/xl/worksheets/sheet3.xml"]
    assert b'PartName="/xl/worksheets/sheet3.xml"' in entries(target)["[Content_Types].xml"]


@pytest.mark.parametrize("zip64", [False, True])
def test_a_streamed_archive_takes_a_sheet(tmp_path: Path, zip64: bool) -> None:
    source = streamed(tmp_path / "a.xlsx", {name: xml.encode() for name, xml in PLAIN.items()}, zip64=zip64)
    target, _ = added(source, [KEYWORDS])
    assert held(target) == HELD


def test_ids_and_numbers_are_fresh(tmp_path: Path) -> None:
    workbook = making.WORKBOOK.replace('sheetId="1"', 'sheetId="7"').replace('"rId1"', '"rId2"')
    rels = making.WORKBOOK_RELS.replace('"rId1"', '"rId2"')
    extra = {"xl/workbook.xml": workbook, "xl/_rels/workbook.xml.rels": rels}
    target, _ = added(by_hand(tmp_path / "a.xlsx", PLAIN[SHEET_PART], extra), [KEYWORDS, SYNC])
    listed = re.findall(rb'sheetId="(\d+)"[^>]*id="(\w+)"', reading.part(target, "xl/workbook.xml"))
    assert listed == [(b"7", b"rId2"), (b"8", b"rId3"), (b"9", b"rId4")]


def test_an_early_highest_number_is_not_passed(tmp_path: Path) -> None:
    workbook = making.WORKBOOK.replace('sheetId="1"', 'sheetId="65534"')
    target, _ = added(by_hand(tmp_path / "a.xlsx", PLAIN[SHEET_PART], {"xl/workbook.xml": workbook}), [SYNC])
    assert b'name="_sync" sheetId="1"' in reading.part(target, "xl/workbook.xml")


def test_without_a_window_there_is_no_view(tmp_path: Path) -> None:
    bare, _ = added(by_hand(tmp_path / "a.xlsx", PLAIN[SHEET_PART]), [KEYWORDS])
    assert b"sheetView" not in reading.part(bare, "xl/worksheets/sheet2.xml")


def test_both_saves_of_the_same_give_the_same_bytes(tmp_path: Path) -> None:
    source = making.rich(tmp_path / "a.xlsx")
    patch(source, tmp_path / "one.xlsx", {}, [KEYWORDS])
    patch(source, tmp_path / "two.xlsx", {}, [KEYWORDS])
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_a_text_that_had_to_be_cut_is_reported(tmp_path: Path) -> None:
    long = NewSheet("Long", (("Text",), ("x" * 40_000,)))
    source = making.plain(tmp_path / "a.xlsx")
    report = patch(source, tmp_path / "b.xlsx", {}, [long])
    assert [str(note) for note in report.notes] == ["Long!A2: cut: a cell holds 32,767 characters, the text has 40,000"]
    assert compare(source, tmp_path / "b.xlsx", {}, [long]).ok


FURNITURE = {
    "a hyperlink": ("</sheetData>", '</sheetData><hyperlinks><hyperlink ref="A2" location="x"/></hyperlinks>'),
    "an extension": ("</worksheet>", '<extLst><ext uri="x"/></extLst></worksheet>'),
    "a drawing": ("<ignoredErrors>", '<legacyDrawing id="rId1"/><ignoredErrors>'),
    "a text": ("<sheetData>", "<sheetData>x"),
    "a comment": ("<sheetData>", "<!-- x --><sheetData>"),
    "a filter that begins elsewhere": ('<autoFilter ref="A1', '<autoFilter ref="A3'),
    "no filter": ('<autoFilter ref="A1:D1048576"/>', ""),
    "a hidden column": ('<col min="2"', '<col hidden="1" min="2"'),
    "another width": ('width="30"', 'width="31"'),
    "a width of nothing": ('width="18"', 'width="0"'),
    "a column's format that is not there": ('max="1" width="30"', 'max="1" width="30" style="99999"'),
    "another choice": ("keep,drop", "keep,dropp"),
    "a choice elsewhere": ('sqref="D2:', 'sqref="C2:'),
    "a heading's format that is not there": ('<c r="A1"', '<c r="A1" s="99999"'),
    "a format that is no number": ('<c r="B3"', '<c r="B3" s="x"'),
    "a namespace": ("<worksheet ", '<worksheet xmlns:x="y" '),
}


@pytest.mark.parametrize(("old", "new"), FURNITURE.values(), ids=FURNITURE)
def test_what_nobody_asked_for_around_the_rows_of_a_new_sheet_is_seen(tmp_path: Path, old: str, new: str) -> None:
    source = by_hand(tmp_path / "a.xlsx", PLAIN[SHEET_PART])
    target, _ = added(source, [KEYWORDS])
    content = entries(target)
    assert compare(source, pack(target, content), {}, [KEYWORDS]).ok
    part = list(content)[-1]
    assert old.encode() in content[part]
    content[part] = content[part].replace(old.encode(), new.encode(), 1)
    found = compare(source, pack(target, content), {}, [KEYWORDS]).unplanned
    assert {one.where for one in found} <= {part, "Keywords!A1", "Keywords!B3"}
    assert found


def test_a_new_sheet_in_formats_has_no_other_format(tmp_path: Path) -> None:
    source = making.plain(tmp_path / "a.xlsx")
    target, _ = added(source, [KEYWORDS])
    content = entries(target)
    part = list(content)[-1]
    content[part] = re.sub(rb'(<c r="A2" s=")[0-9]+', rb"\g<1>99999", content[part])
    found = compare(source, pack(target, content), {}, [KEYWORDS]).unplanned
    assert "Keywords!A2: has a format that nobody asked for" in map(str, found)


FORBIDDEN = ["", "a" * 32, "😀" * 16, "a/b", "a[b", "a]b", "a:b", "a*b", "a?b", "a\\b", "'a", "a'", "History", "a\nb"]


@pytest.mark.parametrize("name", FORBIDDEN)
def test_names_that_excel_does_not_take_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        NewSheet(name, (("a",),))
    assert NewSheet("a" * 31, (("a",),))


@pytest.mark.parametrize("choices", [("a,b",), ('a"b',), ("x" * 200, "y" * 55)])
def test_choices_that_excel_does_not_take_are_refused(choices: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="choices"):
        NewSheet("Name", (("a",),), choices={1: choices})


def test_a_sheet_without_rows_and_a_sheet_given_twice_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="0 rows"):
        NewSheet("Name", ())
    source = making.plain(tmp_path / "a.xlsx")
    twice: list[tuple[Edits, list[NewSheet]]]
    twice = [({}, [KEYWORDS, KEYWORDS]), ({"Records": {}}, [NewSheet("RECORDS", (("a",),))])]
    for edits, sheets in twice:
        with pytest.raises(ValueError, match="twice"):
            patch(source, tmp_path / "b.xlsx", edits, sheets)


def saved_by_a_program(path: Path, sheets: Sequence[NewSheet]) -> Path:
    """Make a workbook with our sheets as Excel would have saved it: shared strings, formats of its own."""
    book = xlsxwriter.Workbook(path)
    book.add_worksheet("Records").write_row(0, 0, ["Record ID"])
    red = book.add_format({"bg_color": "red"})
    blue = book.add_format({"font_color": "blue"})
    for one in sheets:
        page = book.add_worksheet(one.name)
        page.set_column(0, 0, 77, blue)
        page.freeze_panes(1, 0)
        for row, values in enumerate(one.rows):
            for column, value in enumerate(values):
                if isinstance(value, str):
                    page.write_string(row, column, value, None if row else red)
                elif value is not None:
                    page.write(row, column, value)
        page.write_comment(1, 0, "mine")
        page.conditional_format("B2:B9", {"type": "data_bar"})
    book.close()
    return path


NEW_ROWS: Sequence[Sequence[CellValue]] = (ROWS[0], *(("word", row, f"note {row}", "drop") for row in range(40)))


def test_one_of_our_sheets_is_written_anew_and_nothing_else(tmp_path: Path) -> None:
    source = saved_by_a_program(tmp_path / "a.xlsx", [KEYWORDS])
    again = NewSheet("keywords", NEW_ROWS)
    target, certificate = added(source, [again])
    assert reading.differing(source, target) == {"xl/worksheets/sheet2.xml"}
    assert (certificate.sheets_added, certificate.sheets_rewritten) == (0, 1)
    assert certificate.line().startswith("0 cells changed, 1 sheet written anew, ")
    assert held(target) == {
        (row, column): value for row, values in enumerate(NEW_ROWS, 1) for column, value in enumerate(values, 1)
    }
    page = opened(target)["Keywords"]
    assert (page["A1"].fill.fgColor.rgb, page["A30"].font.color.rgb) == ("FFFF0000", "FF0000FF")
    assert page.column_dimensions["A"].width > 77
    assert page["A2"].comment.text == "mine"
    assert b'<dimension ref="A1:D41"/>' in reading.part(target, "xl/worksheets/sheet2.xml")


def test_a_sheet_that_was_added_can_be_written_anew_and_shrink(tmp_path: Path) -> None:
    first, _ = added(making.plain(tmp_path / "a.xlsx"), [NewSheet("Keywords", NEW_ROWS)])
    source = first.rename(tmp_path / "b.xlsx")
    target, _ = added(source, [KEYWORDS, SYNC])
    assert held(target) == HELD
    page = opened(target)["Keywords"]
    assert page["A1"].font.b
    assert page["A3"].quotePrefix
    assert page["A3"].alignment.wrap_text


def test_a_table_that_somebody_made_of_our_rows_is_not_in_the_way(tmp_path: Path) -> None:
    columns = {"columns": [{"header": name} for name in ROWS[0]]}
    source = users_own(tmp_path / "a.xlsx", lambda page: page.add_table("A1:D60", columns))
    target, _ = added(source, [KEYWORDS])
    assert held(target, "KEYWORDS") == HELD


def test_an_empty_first_sheet_of_ours_is_filled(tmp_path: Path) -> None:
    first, _ = added(making.plain(tmp_path / "a.xlsx"), [NewSheet("Keywords", ROWS[:1])])
    target, _ = added(first.rename(tmp_path / "b.xlsx"), [KEYWORDS])
    assert held(target) == HELD
    assert opened(target)["Keywords"]["A3"].quotePrefix


def test_headings_are_known_without_what_is_only_there_to_help_reading(tmp_path: Path) -> None:
    source = saved_by_a_program(tmp_path / "a.xlsx", [KEYWORDS])
    content = entries(source)
    plain, phonetic = b"<t>Keyword</t>", b'<r><t>Key</t></r><r><t>word</t></r><rPh sb="0" eb="1"><t>x</t></rPh>'
    assert content["xl/sharedStrings.xml"].count(plain) == 1
    content["xl/sharedStrings.xml"] = content["xl/sharedStrings.xml"].replace(plain, phonetic)
    target, _ = added(pack(source, content), [KEYWORDS])
    assert held(target) == HELD


def users_own(path: Path, fill: Callable[[xlsxwriter.worksheet.Worksheet], object]) -> Path:
    book = xlsxwriter.Workbook(path)
    book.add_worksheet("Records").write_row(0, 0, ["Record ID"])
    page = book.add_worksheet("KEYWORDS")
    page.write_row(0, 0, [str(one) for one in ROWS[0]])
    fill(page)
    book.close()
    return path


THEIRS = {
    "other headings": (lambda page: page.write(0, 1, "Price"), "not one that wtsync made"),
    "no headings": (lambda page: page.write_row(0, 0, [1, 2, 3, 4]), "not one that wtsync made"),
    "a column of their own": (lambda page: page.write(5, 6, "my note"), "KEYWORDS!G6 holds something"),
    "a formula": (lambda page: page.write_formula(5, 1, "=1+1", None, 2), "holds formulas"),
    "merged cells": (lambda page: page.merge_range("B9:C9", "x"), "KEYWORDS!C9 is part of merged cells"),
    "a totals row far below": (
        lambda page: page.add_table(
            "A1:D60",
            {
                "columns": [{"header": name, "total_string": "x"} for name in ROWS[0]],
                "total_row": True,
            },
        ),
        "KEYWORDS!A60 lies in the totals row",
    ),
}


@pytest.mark.parametrize(("fill", "said"), THEIRS.values(), ids=THEIRS)
def test_a_sheet_of_the_users_is_never_written_over(
    tmp_path: Path, fill: Callable[[xlsxwriter.worksheet.Worksheet], object], said: str
) -> None:
    source = users_own(tmp_path / "a.xlsx", fill)
    with pytest.raises(WorkbookError, match=said) as caught:
        patch(source, tmp_path / "b.xlsx", {}, [KEYWORDS])
    assert caught.value.hint
    assert not (tmp_path / "b.xlsx").exists()


def test_a_chart_may_have_the_name_already(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    book.add_worksheet("Records").write(0, 0, 1)
    chart = book.add_chart({"type": "bar"})
    chart.add_series({"values": "=Records!$A$1:$A$1"})
    book.add_chartsheet("keywords").set_chart(chart)
    book.close()
    with pytest.raises(WorkbookError, match="already"):
        patch(tmp_path / "a.xlsx", tmp_path / "b.xlsx", {}, [KEYWORDS])


LOCKED = {
    "protected": (
        {"xl/workbook.xml": making.WORKBOOK.replace("<sheets>", '<workbookProtection lockStructure="1"/><sheets>')},
        "protected",
    ),
    "shared": (
        {
            "xl/_rels/workbook.xml.rels": making.WORKBOOK_RELS.replace(
                "</Relationships>",
                f'<Relationship Id="r" Type="{making.OFFICE}/revisionHeaders" Target="a.xml"/></Relationships>',
            )
        },
        "shared",
    ),
}


@pytest.mark.parametrize(("extra", "said"), LOCKED.values(), ids=LOCKED)
def test_a_locked_workbook_gets_no_sheet(tmp_path: Path, extra: dict[str, str | bytes], said: str) -> None:
    source = by_hand(tmp_path / "a.xlsx", PLAIN[SHEET_PART], extra)
    with pytest.raises(WorkbookError, match=said):
        patch(source, tmp_path / "b.xlsx", {}, [KEYWORDS])
    patch(source, tmp_path / "b.xlsx", {"Records": {(1, 1): 2}})


def test_a_save_adds_a_sheet_and_warns_of_a_signature(tmp_path: Path) -> None:
    book = by_hand(
        tmp_path / "a.xlsx", PLAIN[SHEET_PART], {"_xmlsignatures/origin.sigs": b"", "_xmlsignatures/sig1.xml": "<a/>"}
    )
    report = save(book, {"Records": {(1, 2): "x"}}, [SYNC])
    assert report.certificate.sheets_added == 1
    assert [warning for warning in report.warnings if "signed" in warning]
    assert reading.by_openpyxl(book, "_sync")[1, 2] == "abc"


def tampered(path: Path, name: str, old: str, new: str) -> Path:
    """Change something in a part of the result, whose source was made by `pack`, so that nothing else differs."""
    content = entries(path)
    xml = content[name].decode()
    for one, other in zip(old.split("|"), new.split("|"), strict=True):
        assert one in xml
        xml = xml.replace(one, other, 1)
    return pack(path.with_name("tampered.xlsx"), content | {name: xml.encode()})


NEW = "xl/worksheets/sheet2.xml"
BREACHES = {
    "another sheet's name": ("xl/workbook.xml", 'name="Records"', 'name="Recordz"'),
    "the new sheet's name": ("xl/workbook.xml", 'name="Keywords"', 'name="Keyword"'),
    "the new sheet's state": ("xl/workbook.xml", 'name="Keywords"', 'name="Keywords" state="hidden"'),
    "the number of a sheet": ("xl/workbook.xml", 'sheetId="2"', 'sheetId="1"'),
    "the part it leads to": ("xl/workbook.xml", 'r:id="rId3"', 'r:id="rId1"'),
    "another relationship": ("xl/_rels/workbook.xml.rels", 'Id="rId1" Type', 'Id="rId1"  TargetMode="Internal" Type'),
    "a type": ("[Content_Types].xml", "application/xml", "application/other"),
    "the new type": ("[Content_Types].xml", 'sheet2.xml" ContentType="application', 'sheet2.xml" ContentType="text'),
    "a request for calculation": ("xl/workbook.xml", "</workbook>", '<calcPr fullCalcOnLoad="1"/></workbook>'),
    "the name of a filter": ("xl/workbook.xml", "$D$1048576", "$D$9"),
    "the sheet of a filter": ("xl/workbook.xml", 'localSheetId="1"', 'localSheetId="0"'),
    "a name too many": ("xl/workbook.xml", "</definedNames>", "<definedName name='x'>1</definedName></definedNames>"),
    "names in another place": ("xl/workbook.xml", "<sheets>", "<definedNames/><sheets>"),
    "a text": (NEW, "+x", "+y"),
    "a number": (NEW, "<v>12</v>", "<v>13</v>"),
    "a formula": (NEW, "<v>12</v>", "<f>1</f><v>12</v>"),
    "a cell more": (NEW, '<row r="4">', '<row r="3"><c r="E3"><v>1</v></c></row><row r="4">'),
    "a row gone": (NEW, '<row r="4">', '<row r="9">'),
    "an old format": (STYLES, "<xf numFmt", "<xf x='1' numFmt"),
    "a count": (STYLES, 'cellXfs count="4"', 'cellXfs count="5"'),
    "a font that is not counted": (STYLES, "</fonts>", "<font/></fonts>"),
    "a font too many": (STYLES, 'fonts count="2"|</fonts>', 'fonts count="3"|<font/></fonts>'),
}


@pytest.mark.parametrize(("name", "old", "new"), BREACHES.values(), ids=BREACHES)
def test_the_certificate_sees_what_was_not_planned(tmp_path: Path, name: str, old: str, new: str) -> None:
    styles = (
        f'<styleSheet xmlns="{making.MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
        '<cellXfs count="1"><xf numFmtId="0"/></cellXfs></styleSheet>'
    )
    source = styled(tmp_path / "a.xlsx", styles)
    target, _ = added(source, [KEYWORDS])
    assert compare(source, tampered(target, name, old, old), {}, [KEYWORDS]).ok
    wrong = tampered(target, name, old, new)
    assert not compare(source, wrong, {}, [KEYWORDS]).ok
    assert "UNPLANNED" in compare(source, wrong, {}, [KEYWORDS]).line()


def test_the_certificate_misses_a_sheet_that_was_not_added(tmp_path: Path) -> None:
    source = making.plain(tmp_path / "a.xlsx")
    patch(source, tmp_path / "b.xlsx", {}, [KEYWORDS])
    assert not compare(source, source, {}, [KEYWORDS]).ok
    assert not compare(source, tmp_path / "b.xlsx", {}, []).ok
    assert not compare(source, tmp_path / "b.xlsx", {}, [KEYWORDS, SYNC]).ok


def test_the_certificate_sees_what_else_changed_in_a_sheet_written_anew(tmp_path: Path) -> None:
    source = saved_by_a_program(tmp_path / "a.xlsx", [KEYWORDS])
    source = pack(source, entries(source))
    again = NewSheet("Keywords", NEW_ROWS)
    target, _ = added(source, [again])
    assert compare(source, tampered(target, "xl/worksheets/sheet2.xml", "", ""), {}, [again]).ok
    for old, new in (('<pane ySplit="1"', '<pane ySplit="2"'), (">note 7<", ">note 8<"), ('width="77', 'width="78')):
        assert not compare(source, tampered(target, "xl/worksheets/sheet2.xml", old, new), {}, [again]).ok
    assert not compare(source, source, {}, [again]).ok


class Counted(tuple[tuple[str, ...], ...]):
    """Rows that count how often somebody goes through them."""

    __slots__ = ()
    looks: ClassVar[list[int]] = []

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        self.looks.append(1)
        return super().__iter__()


def test_how_wide_a_sheet_is_is_counted_once_and_not_with_every_cell_that_asks() -> None:
    sheet = NewSheet("Wide", Counted((("a", "b"), ("1", "2", "3"))))
    looks = len(Counted.looks)
    assert [sheet.columns for _ in range(5)] == [3] * 5
    assert len(Counted.looks) == looks
