"""Workbooks whose package is unusual: other namespaces, other character sets, other places, other kinds of file."""
# ruff: noqa: E501 - XML is read where it is written

from __future__ import annotations

from tests.workbooks.packing import (
    DECLARED,
    MAIN,
    MS,
    OFFICE,
    SHEETML,
    STRICT,
    STRICT_OFFICE,
    Book,
    one_sheet,
    worksheet,
)
from tests.workbooks.zipping import Member, zipped

MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
_SIGNATURES = "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature"
_SIGNATURE = "application/vnd.openxmlformats-package.digital-signature"


def _strict() -> bytes:
    book = Book()
    book.sheet()
    parts = {
        name: data.replace(MAIN.encode(), STRICT.encode()).replace(OFFICE.encode(), STRICT_OFFICE.encode())
        for name, data in book.everything().items()
    }
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b"<workbook ", b'<workbook conformance="strict" ')
    return zipped(Member(name, data) for name, data in parts.items())


def _prefixed() -> bytes:
    """Every element of the sheet and of the workbook part carries a prefix."""
    book = Book()
    book.sheet()
    parts = book.everything()
    for name in ("xl/workbook.xml", "xl/worksheets/sheet1.xml"):
        parts[name] = (
            parts[name].replace(b"</", b"</x:").replace(b"<", b"<x:").replace(b"<x:/x:", b"</x:")
            .replace(b"<x:?", b"<?").replace(b"xmlns=", b"xmlns:x=")
        )  # fmt: skip
    return zipped(Member(name, data) for name, data in parts.items())


def _sheet_as(encoding: str, declared: str, mark: bytes = b"") -> bytes:
    xml = worksheet().replace(DECLARED, declared)
    return mark + xml.replace("Price", "Prix é").encode(encoding)


def _in_utf_16(order: str) -> bytes:
    book = Book()
    mark = b"\xff\xfe" if order == "le" else b"\xfe\xff"
    book.sheet(_sheet_as(f"utf-16-{order}", '<?xml version="1.0" encoding="UTF-16"?>', mark))
    return book.zipped()


def _in_latin_1() -> bytes:
    book = Book()
    book.sheet(_sheet_as("latin-1", "<?xml version='1.0' encoding='ISO-8859-1'?>"))
    return book.zipped()


def _marked() -> bytes:
    """Every part starts with a byte order mark."""
    book = Book()
    book.sheet()
    return zipped(
        Member(name, b"\xef\xbb\xbf" + data if name.endswith((".xml", ".rels")) else data)
        for name, data in book.everything().items()
    )


def _undeclared() -> bytes:
    book = Book()
    book.sheet()
    return zipped(Member(name, data.replace(DECLARED.encode(), b"")) for name, data in book.everything().items())


def _alternatives() -> bytes:
    spaces = f' xmlns:mc="{MC}" mc:Ignorable="x14" xmlns:x14="{_X14}"'
    control = (
        '<mc:AlternateContent><mc:Choice Requires="x14"><controls><control shapeId="1" r:id="rId9" name="c"/></controls>'
        "</mc:Choice><mc:Fallback/></mc:AlternateContent>"
    )
    before = '<mc:AlternateContent><mc:Choice Requires="x14"><x14:id/></mc:Choice></mc:AlternateContent>'
    return one_sheet(before=before, after=control.replace(' r:id="rId9"', ""), more=spaces)


def _elsewhere() -> bytes:
    """Parts that only their relationships lead to."""
    book = Book(place="data/tables/main.xml")
    book.sheet(part="data/pages/first.xml")
    book.sheet(part="sheet.xml", name="Other")
    return book.zipped()


def _escaped() -> bytes:
    """Name a part with a space in its name, which the relationship spells as an address."""
    book = Book()
    book.sheet(part="xl/worksheets/sheet 1.xml")
    listed = book.links["xl/workbook.xml"]
    listed[0] = (*listed[0][:2], "/xl/worksheets/sheet%201.xml", False)
    return book.zipped()


def _other_case() -> bytes:
    book = Book()
    book.sheet()
    return zipped(
        Member(
            {"xl/workbook.xml": "XL/WorkBook.xml", "xl/worksheets/sheet1.xml": "xl/Worksheets/Sheet1.XML"}.get(
                name, name
            ),
            data,
        )
        for name, data in book.everything().items()
    )


def _backslashes() -> bytes:
    book = Book()
    book.sheet()
    return zipped(Member(name.replace("/", "\\"), data) for name, data in book.everything().items())


def _signed() -> bytes:
    book = Book()
    book.sheet()
    book.link("", "officeDocument", "xl/workbook.xml")
    book.add("_xmlsignatures/origin.sigs", b"", f"{_SIGNATURE}-origin", by="", rel=f"{_SIGNATURES}/origin")
    xml = f'{DECLARED}<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignatureValue>AAAA</SignatureValue></Signature>'
    kind, rel = f"{_SIGNATURE}-xmlsignature+xml", f"{_SIGNATURES}/signature"
    book.add("_xmlsignatures/sig1.xml", xml, kind, by="_xmlsignatures/origin.sigs", rel=rel)
    return book.zipped()


def _macros() -> bytes:
    """Add a made-up macro project: nobody may look into it, and nothing of it may change."""
    book = Book(main=f"{MS}.sheet.macroEnabled.main+xml", before='<workbookPr codeName="ThisWorkbook"/>')
    book.sheet(worksheet(before='<sheetPr codeName="Sheet1"/>'))
    project = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256)) * 12
    book.add("xl/vbaProject.bin", content, "application/vnd.ms-office.vbaProject", by="xl/workbook.xml", rel=project)
    return book.zipped()


def _template() -> bytes:
    book = Book(main=f"{SHEETML}.template.main+xml")
    book.sheet()
    return book.zipped()


def _custom_xml() -> bytes:
    book = Book()
    book.sheet()
    book.add(
        "customXml/item1.xml", '<brief xmlns="urn:us"><shop id="7"/></brief>', by="xl/workbook.xml", rel="customXml"
    )
    props = '<ds:datastoreItem ds:itemID="{00000000-0000-0000-0000-000000000001}" xmlns:ds='
    props += '"http://schemas.openxmlformats.org/officeDocument/2006/customXml"><ds:schemaRefs/></ds:datastoreItem>'
    kind = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"
    book.add("customXml/itemProps1.xml", props, kind, by="customXml/item1.xml", rel="customXmlProps")
    return book.zipped()


def _printer() -> bytes:
    book = Book()
    part = book.sheet(worksheet(after='<pageSetup paperSize="9" r:id="rId1"/>'))
    book.add("xl/printerSettings/printerSettings1.bin", bytes(range(220)), by=part, rel="printerSettings")
    return book.zipped()


def _external() -> bytes:
    """Formulas that read another workbook, with what was last seen there."""
    book = Book(after='<externalReferences><externalReference r:id="rId2"/></externalReferences>')
    book.sheet(worksheet('<row r="1"><c r="A1"><f>[1]Prices!$A$1</f><v>5</v></c><c r="B1"><v>1</v></c></row>'))
    seen = '<sheetNames><sheetName val="Prices"/></sheetNames><sheetDataSet><sheetData sheetId="0"><row r="1">'
    seen += '<cell r="A1"><v>5</v></cell></row></sheetData></sheetDataSet>'
    kind, spaces = f"{SHEETML}.externalLink+xml", f'xmlns="{MAIN}" xmlns:r="{OFFICE}"'
    link = f'<externalLink {spaces}><externalBook r:id="rId1">{seen}</externalBook></externalLink>'
    book.add("xl/externalLinks/externalLink1.xml", link, kind, by="xl/workbook.xml", rel="externalLink")
    book.link("xl/externalLinks/externalLink1.xml", "externalLinkPath", "file:///C:/other.xlsx", outside=True)
    return book.zipped()


def _commanding() -> bytes:
    """Add a DDE link, which asks another program to run something."""
    book = Book(after='<externalReferences><externalReference r:id="rId2"/></externalReferences>')
    book.sheet(worksheet('<row r="1"><c r="A1"><f>[1]!x</f><v>5</v></c><c r="B1"><v>1</v></c></row>'))
    link = f'<externalLink xmlns="{MAIN}"><ddeLink ddeService="cmd" ddeTopic="/c calc"><ddeItems><ddeItem name="x"/></ddeItems>'
    kind = f"{SHEETML}.externalLink+xml"
    xml = f"{link}</ddeLink></externalLink>"
    book.add("xl/externalLinks/externalLink1.xml", xml, kind, by="xl/workbook.xml", rel="externalLink")
    return book.zipped()


def _connected() -> bytes:
    """Add a connection, and a part that nothing refers to."""
    book = Book()
    book.sheet()
    xml = f'<connections xmlns="{MAIN}"><connection id="1" name="q" type="5" refreshedVersion="6" background="1">'
    xml += '<dbPr connection="Provider=X;Data Source=y" command="SELECT"/></connection></connections>'
    book.add("xl/connections.xml", xml, f"{SHEETML}.connections+xml", by="xl/workbook.xml", rel="connections")
    book.add("docProps/thumbnail.jpeg", b"\xff\xd8\xff\xe0 no picture", "image/jpeg")
    book.add("notes/readme.txt", "not part of any standard", "text/plain")
    return book.zipped()


def _chart_sheet() -> bytes:
    """Put a dialog sheet before the sheet with the records."""
    book = Book()
    identity = book.add(
        "xl/dialogsheets/sheet1.xml",
        f'{DECLARED}<dialogsheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0"/></sheetViews></dialogsheet>',
        f"{SHEETML}.dialogsheet+xml",
        by="xl/workbook.xml",
        rel="dialogsheet",
    )
    book.sheets.append(("Dialog", identity, ""))
    book.sheet()
    return book.zipped()


BOOKS = {
    "strict": _strict,
    "prefixed": _prefixed,
    "utf-16-little-endian": lambda: _in_utf_16("le"),
    "utf-16-big-endian": lambda: _in_utf_16("be"),
    "latin-1": _in_latin_1,
    "byte-order-marks": _marked,
    "no-xml-declaration": _undeclared,
    "alternate-content": _alternatives,
    "parts-elsewhere": _elsewhere,
    "parts-with-spaces": _escaped,
    "parts-in-other-case": _other_case,
    "parts-with-backslashes": _backslashes,
    "signed": _signed,
    "macros.xlsm": _macros,
    "template.xltx": _template,
    "custom-xml": _custom_xml,
    "printer-settings": _printer,
    "external-links": _external,
    "dde-link": _commanding,
    "connections-and-strangers": _connected,
    "dialog-sheet": _chart_sheet,
}
