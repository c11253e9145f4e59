"""Workbooks whose formulas depend on the cells that are written, or lie beside them."""
# ruff: noqa: E501 - XML is read where it is written

from __future__ import annotations

from tests.workbooks.packing import HEADINGS, MAIN, ROWS, SHEETML, Book, one_sheet, row, worksheet


def _sharing(number: int) -> str:
    """Spell a row whose column D shares the formula of the first one."""
    formula = '<f t="shared" ref="D2:D5" si="0">B2*2</f>' if number == 2 else '<f t="shared" si="0"/>'
    return row(number).replace("</row>", f'<c r="D{number}">{formula}<v>{number * 21}</v></c></row>')


_SHARED = HEADINGS + "".join(map(_sharing, range(2, 6)))
_ARRAY = (
    f'{HEADINGS}<row r="2"><c r="A2"><v>1</v></c><c r="B2"><f t="array" ref="B2:B3">A2:A3*2</f><v>2</v></c></row>'
    '<row r="3"><c r="A3"><v>2</v></c><c r="B3"><v>4</v></c></row><row r="4"><c r="A4"><v>3</v></c></row>'
)
_TABLE = (
    f'{HEADINGS}<row r="2"><c r="A2"><v>1</v></c><c r="B2"><f>A2*2</f><v>2</v></c></row>'
    '<row r="3"><c r="A3"><v>3</v></c><c r="B3"><f t="dataTable" ref="B3:B4" dt2D="0" dtr="0" r1="A2"/><v>6</v></c></row>'
    '<row r="4"><c r="A4"><v>4</v></c><c r="B4"><v>8</v></c></row>'
)
_CACHED = (
    f'{HEADINGS}<row r="2"><c r="A2"><v>1</v></c><c r="B2" t="str"><f>"a"&amp;A2</f><v>a1</v></c>'
    '<c r="D2" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="E2" t="b"><f>A2&lt;2</f><v>1</v></c><c r="F2"><f>NOW()</f></c>'
    '<c r="G2" t="str"><f ca="1">REPT("x",0)</f><v></v></c><c r="H2"><f/><v>3</v></c></row>'
)


def _chained() -> bytes:
    """Formulas on two sheets that read our cells, in the order in which they are calculated."""
    book = Book(after='<calcPr calcId="191029" fullPrecision="1"/>')
    book.sheet(worksheet(_SHARED))
    book.sheet(worksheet('<row r="1"><c r="A1"><f>Records!B2+Records!D2</f><v>62.5</v></c></row>'), "Sums")
    chained = '<c r="A1" i="2" l="1"/>' + "".join(f'<c r="D{number}" i="1"/>' for number in (5, 4, 3, 2))
    xml = f'<calcChain xmlns="{MAIN}">{chained}</calcChain>'
    book.add("xl/calcChain.xml", xml, f"{SHEETML}.calcChain+xml", by="xl/workbook.xml", rel="calcChain")
    return book.zipped()


def _named() -> bytes:
    """Names for our cells, one of them only within a sheet, one hidden, one a formula."""
    names = (
        '<definedNames><definedName name="Prices">Records!$B$2:$B$5</definedName>'
        '<definedName name="_xlnm.Print_Area" localSheetId="0">Records!$A$1:$C$5</definedName>'
        '<definedName name="_xlnm.Print_Titles" localSheetId="0">Records!$1:$1</definedName>'
        '<definedName name="Secret" hidden="1">Records!$A$2</definedName>'
        '<definedName name="Tax">1.19*Records!$B$2</definedName></definedNames>'
    )
    book = Book(after=names)
    book.sheet()
    book.sheet(worksheet('<row r="1"><c r="A1"><f>SUM(Prices)*Tax</f><v>1</v></c></row>'), "Sums")
    return book.zipped()


BOOKS = {
    "formulas-shared": lambda: one_sheet(_SHARED),
    "formulas-array": lambda: one_sheet(_ARRAY),
    "formulas-data-table": lambda: one_sheet(_TABLE),
    "formulas-of-every-result": lambda: one_sheet(_CACHED),
    "formulas-calculated-in-order": _chained,
    "names-defined": _named,
    "formulas-beside-plain-rows": lambda: one_sheet(ROWS.replace("<v>20.5</v>", "<f>A2</f><v>20.5</v>")),
}
