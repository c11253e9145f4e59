"""Cells of every kind are read as they are shown, whoever wrote the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import xlsxwriter

from sync.records import to_workbook
from sync.tables import NO_VALUE
from sync.workbook.formats import is_plain, shown, simple
from sync.workbook.read import read
from tests.workbook.package.making import by_hand, sheet

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sync.tables import Tables

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

SHOWN = [
    ("00000", "123", "00123"), ("00000", "-5", "-00005"), ('"SKU-"0000', "12", "SKU-0012"),
    ("0000-00", "1234", "0012-34"),
    ("General", "12.1", "12.1"), ("General", "1E-7", "0.0000001"), ("General", "4006381333931", "4006381333931"),
    ("General", "0.30000000000000004", "0.3"), ("General", "1.2345678901234568E+18", "1234567890123460000"),
    ("General", "1.5E+300", "1.5E+300"), ('General" kg"', "4.5", "4.5 kg"), ("@", "12", "12"),
    ("0.00", "12.1", "12.10"), ("0.00", "19.989999999999998", "19.99"), ("0.00", "2.675", "2.68"), ("0", "12.5", "13"),
    ("0.##", "1.5", "1.5"), ("0.##", "1", "1"), ("#,##0", "1234567", "1234567"), ("#,##0.00", "-1234.5", "-1234.50"),
    ("0,", "12345", "12"), ("0.0,,", "12345678", "12.3"), ("0%", "0.2", "20%"), ("0.0%", "0.125", "12.5%"),
    ("0.00E+00", "123456", "1.23E+05"), ("0.0E+00", "9.96", "1.0E+01"), ("##0.0E+0", "1234567", "1.2E+6"),
    ("(###) ###-####", "5551234567", "(555) 123-4567"), ('0.0" kg"', "4.25", "4.3 kg"),
    ("_-* #,##0.00 [$€-407]_-", "1234.5", "1234.50 €"), ("$#,##0_);($#,##0)", "-12", "($12)"),
    ("[<=9999999]###-####;(###) ###-####", "5551234", "555-1234"), ("0;-0;;@", "0", ""), ('"yes";"no"', "-1", "no"),
    ("yyyy-mm-dd", "46085", "2026-03-04"), ("DD.MM.YYYY", "46085", "2026-03-04"), ("mm/dd/yy;@", "46085", "2026-03-04"),
    ("[$-F800]dddd\\, mmmm dd\\, yyyy", "46085", "2026-03-04"), ("mmm-yy", "46085", "2026-03"),
    ("yyyy", "46085", "2026"),
    ("yyyy-mm-dd h:mm", "46085", "2026-03-04"), ("dd/mm/yyyy hh:mm", "46085.4375", "2026-03-04 10:30"),
    ("h:mm AM/PM", "0.4375", "10:30"), ("[h]:mm:ss", "1.5", "36:00:00"), ("mm:ss.0", "0.0001", "00:08.6"),
    ("yyyy-mm-dd", "60", "1900-02-29"), ("yyyy-mm-dd", "59", "1900-02-28"), ("yyyy-mm-dd", "61", "1900-03-01"),
    ("# ?/?", "0.5", None), (";;;", "5", None), ("[DBNum1]0", "5", None), ("yyyy-mm-dd", "-1", None),
]  # fmt: skip


@pytest.mark.parametrize(("code", "value", "expected"), SHOWN)
def test_a_number_is_written_as_its_format_shows_it(code: str, value: str, expected: str | None) -> None:
    assert shown(code, value) == expected


@pytest.mark.parametrize(
    "code", ["0", "00000", '"SKU-"0000', "0.00", "#,##0", "#,##0.0", "0%", "0.0%", '0.0" kg"', "0_ "]
)
@pytest.mark.parametrize("value", ["0", "7", "-7.5", "12.345", "1E-3", "4006381333931", "12345678901234567", "0.005"])
def test_the_quick_way_gives_what_the_thorough_one_gives(code: str, value: str) -> None:
    quick = simple(code)
    assert quick is not None
    assert quick.write(value) == shown(code, value)


def test_only_general_and_text_show_numbers_as_they_are() -> None:
    assert is_plain("General")
    assert is_plain("@")
    assert not any(is_plain(code) for code in ("0", "00000", "0.0", "yyyy", 'General" kg"'))


# ------------------------------------------------------------------------- as cells of real files

STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="00000"/>'
    '<numFmt numFmtId="165" formatCode="# ?/?"/></numFmts>'
    '<cellStyleXfs count="1"><xf numFmtId="14"/></cellStyleXfs><cellXfs count="8">'
    + "".join(f'<xf numFmtId="{number}"/>' for number in (0, 164, 9, 14, 10, 2, 11, 165))
    + "</cellXfs></styleSheet>"
)
_RELATION = f'<Relationship Id="rId{{}}" Type="{OFFICE}/{{}}" Target="{{}}"/>'


def workbook(path: Path, rows: str, *, after: str = "", shared: str = "", properties: str = "") -> Path:
    """Write a workbook by hand: a Records sheet with these rows; the styles are those of STYLES."""
    relations = "".join(
        _RELATION.format(number, kind, target)
        for number, (kind, target) in enumerate(
            (("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml"), ("sharedStrings", "sharedStrings.xml")),
            1,
        )
    )
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    extra = {
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{properties}<sheets>'
        '<sheet name="Records" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}">{relations}</Relationships>',
        "xl/styles.xml": STYLES,
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{shared}</sst>',
    }
    return by_hand(path, sheet(rows, after=after), extra)


def head(*names: str) -> str:
    cells = "".join(
        f'<c r="{letter}1" t="inlineStr"><is><t>{name}</t></is></c>'
        for letter, name in zip("ABCDEF", names, strict=False)
    )
    return f'<row r="1">{cells}</row>'


def cell(tmp_path: Path, xml: str, **more: str) -> str:
    """Read the one cell B2, written like this, in a column of attributes."""
    row = f'<row r="2"><c r="A2" t="inlineStr"><is><t>A1</t></is></c>{xml}</row>'
    return read(workbook(tmp_path / "a.xlsx", head("Record ID", "Thing") + row, **more)).columns[2][0]


CELLS = {
    "percent": ('<c r="B2" s="2"><v>0.8</v></c>', "80%"),
    "percent of a formula": ('<c r="B2" s="2"><f>4/5</f><v>0.8</v></c>', "80%"),
    "percent, number said": ('<c r="B2" s="2" t="n"><v>0.8</v></c>', "80%"),
    "percent, type first": ('<c r="B2" t="n" s="2"><v>0.8</v></c>', "80%"),
    "percent, style first": ('<c s="2" r="B2"><v>0.8</v></c>', "80%"),
    "percent, array formula": ('<c r="B2" s="2" cm="1"><f t="array" ref="B2">4/5</f><v>0.8</v></c>', "80%"),
    "date": ('<c r="B2" s="3"><v>46085</v></c>', "2026-03-04"),
    "ISO date": ('<c r="B2" s="3" t="d"><v>2026-03-04T00:00:00</v></c>', "2026-03-04"),
    "ISO date and time": ('<c r="B2" s="3" t="d"><v>2026-03-04T10:30:00Z</v></c>', "2026-03-04 10:30:00"),
    "true": ('<c r="B2" t="b"><v>1</v></c>', "TRUE"),
    "false of a formula": ('<c r="B2" t="b"><f>1=2</f><v>0</v></c>', "FALSE"),
    "a text that says true": ('<c r="B2" t="inlineStr"><is><t>true</t></is></c>', "true"),
    "a text with a style of numbers": ('<c r="B2" s="2" t="inlineStr"><is><t>0.8</t></is></c>', "0.8"),
    "error": ('<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c>', "#DIV/0!"),
    "formula with a text": ('<c r="B2" t="str"><f>A2</f><v>A1 </v></c>', "A1 "),
    "formula with an empty text": ('<c r="B2" t="str"><f>""</f><v></v></c>', ""),
    "formula without a value": ('<c r="B2"><f>A2*2</f></c>', NO_VALUE),
    "formula with an empty value": ('<c r="B2" s="2"><f>A2*2</f><v></v></c>', NO_VALUE),
    "shared formula without a value": ('<c r="B2"><f t="shared" si="0"/></c>', NO_VALUE),
    "more than 15 digits": ('<c r="B2"><v>12345678901234567</v></c>', "12345678901234600"),
    "an exponent": ('<c r="B2"><v>1.0000000000000001E-9</v></c>', "0.000000001"),
    "twelve decimals": ('<c r="B2"><v>0.123456789012</v></c>', "0.123456789012"),
    "noise of a double": ('<c r="B2"><f>0.1+0.2</f><v>0.30000000000000004</v></c>', "0.3"),
    "spaces kept": ('<c r="B2" t="inlineStr"><is><t xml:space="preserve"> a  </t></is></c>', " a  "),
    "no-break space kept": ('<c r="B2" t="inlineStr"><is><t>4\u00a0kg</t></is></c>', "4\u00a0kg"),
    "escaped": ('<c r="B2" t="inlineStr"><is><t>a_x0041_b_x005F_x0041_</t></is></c>', "aAb_x0041_"),
    "rich text": ('<c r="B2" t="s"><v>0</v></c>', "two words, red"),
    "rich text with a reading": ('<c r="B2" t="s"><v>1</v></c>', "\u6771\u4eac"),
    "empty": ('<c r="B2" t="s"><v>2</v></c>', ""),
}
SHARED = (
    '<si><r><t xml:space="preserve">two </t></r><r><rPr><b/></rPr><t>words</t></r><r><t>, red</t></r></si>'
    '<si><t>\u6771\u4eac</t><rPh sb="0" eb="2"><t>\u30c8\u30a6\u30ad\u30e7\u30a6</t></rPh></si><si><t/></si>'
)


@pytest.mark.parametrize("kind", CELLS)
def test_every_kind_of_cell_is_read_as_it_is_shown(tmp_path: Path, kind: str) -> None:
    xml, expected = CELLS[kind]
    assert cell(tmp_path, xml, shared=SHARED) == expected


@pytest.mark.parametrize("kind", [kind for kind in CELLS if "ISO" not in kind])
def test_a_prefix_before_every_element_changes_nothing(tmp_path: Path, kind: str) -> None:
    xml, expected = CELLS[kind]
    row = f'<row r="2"><c r="A2" t="inlineStr"><is><t>A1</t></is></c>{xml}</row>'
    body = (head("Record ID", "Thing") + row).replace("</", "<\0").replace("<", "<x:").replace("<x:\0", "</x:")
    path = workbook(tmp_path / "a.xlsx", "", shared=SHARED)
    content = f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>{body}</x:sheetData></x:worksheet>'
    assert read(rewritten(path, content)).columns[2][0] == expected


def rewritten(path: Path, content: str) -> Path:
    """Put another sheet into a workbook."""
    import zipfile  # noqa: PLC0415

    target = path.with_name("b.xlsx")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as made:
        for entry in source.infolist():
            made.writestr(entry, content if entry.filename.endswith("sheet1.xml") else source.read(entry))
    return target


def test_dates_may_count_from_1904(tmp_path: Path) -> None:
    said = '<workbookPr date1904="1"/>'
    assert cell(tmp_path, '<c r="B2" s="3"><v>44623</v></c>', properties=said) == "2026-03-04"


def ids(path: Path, values: Sequence[object], code: str) -> Tables:
    """Write ids as numbers of one format with XlsxWriter, and read them."""
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet("Records")
    page.write_row(0, 0, ["Record ID", "Name", "Excerpt"])
    style = book.add_format({"num_format": code})
    for row, value in enumerate(values, 1):
        page.write(row, 0, value, style)
        page.write(row, 1, "Oak")
    book.close()
    return read(path)


@pytest.mark.parametrize(
    ("code", "values", "expected"),
    [
        ("00000", [123, 45678], ["00123", "45678"]),
        ('"SKU-"0000', [7], ["SKU-0007"]),
        ("0.00", [4006381333931, 12.1], ["4006381333931", "12.10"]),
        ("#,##0", [1234567], ["1234567"]),
        ("0.00E+00", [4006381333931], ["4006381333931"]),
        ("General", [4006381333931, 5], ["4006381333931", "5"]),
    ],
)
def test_ids_are_read_as_they_are_shown_but_for_what_only_a_number_has(
    tmp_path: Path, code: str, values: list[float], expected: list[str]
) -> None:
    tables = ids(tmp_path / "a.xlsx", values, code)
    assert tables.columns[1] == expected
    assert [record.key.record_id for record in to_workbook(tables, None).records] == expected


def test_an_id_of_more_digits_than_excel_keeps_is_flagged_where_it_is_a_number(tmp_path: Path) -> None:
    book = to_workbook(ids(tmp_path / "a.xlsx", [1234567890123456, 12], "0"), None)
    assert [(problem.where, problem.kind) for problem in book.problems] == [("Records!A2", "damaged-id")]
    assert "15 digits" in book.problems[0].what
    assert [record.key.record_id for record in book.records] == ["12"]


def test_dates_in_the_column_of_ids_are_flagged_even_if_all_are(tmp_path: Path) -> None:
    book = to_workbook(ids(tmp_path / "a.xlsx", [46085, 46086], "d-mmm"), None)
    assert [(problem.where, problem.value, problem.kind) for problem in book.problems] == [
        ("Records!A2", "2026-03-04", "damaged-id"), ("Records!A3", "2026-03-05", "damaged-id"),
    ]  # fmt: skip
    assert book.records == ()


def test_a_format_that_cannot_be_followed_is_said_once_with_cell_and_format(tmp_path: Path) -> None:
    rows = "".join(
        f'<row r="{row}"><c r="A{row}" t="inlineStr"><is><t>A{row}</t></is></c>'
        f'<c r="B{row}" t="inlineStr"><is><t>Oak</t></is></c><c r="C{row}" s="7"><v>0.5</v></c></row>'
        for row in (2, 3)
    )
    tables = read(workbook(tmp_path / "a.xlsx", head("Record ID", "Name", "Length", "Excerpt") + rows))
    book = to_workbook(tables, None)
    assert tables.columns[3] == ["0.5", "0.5"]
    assert [(one.where, one.kind, one.value, one.warning) for one in book.problems] == [
        ("Records!C2", "unknown-format", "0.5", True)
    ]
    assert "# ?/?" in book.problems[0].what
    assert len(book.records) == 2


def test_a_formula_without_a_value_leaves_its_row_out_and_says_to_save_in_excel(tmp_path: Path) -> None:
    row = '<row r="2"><c r="A2" t="inlineStr"><is><t>A1</t></is></c><c r="B2"><f>"Oak"</f></c></row>'
    far = '<row r="9"><c r="A9"><f>A2</f></c><c r="B9"><f>B2</f></c></row>'
    book = to_workbook(read(workbook(tmp_path / "a.xlsx", head("Record ID", "Name", "Excerpt") + row + far)), None)
    assert [(problem.where, problem.kind) for problem in book.problems] == [
        ("Records!B2", "no-value"), ("Records!A9", "no-value"), ("Records!B9", "no-value"),
    ]  # fmt: skip
    assert "Excel" in book.problems[0].remedy
    assert book.records == ()
