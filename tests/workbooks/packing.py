"""A workbook as a set of parts: content types and relationships are put together from what is added."""

from __future__ import annotations

from dataclasses import dataclass, field
from posixpath import dirname, relpath
from xml.sax.saxutils import escape, quoteattr

from tests.workbooks.zipping import Member, zipped

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

_VND = "application/vnd.openxmlformats-officedocument"
SHEETML = f"{_VND}.spreadsheetml"
MS = "application/vnd.ms-excel"
WORKBOOK = f"{SHEETML}.sheet.main+xml"
PLAIN_XML = "application/xml"
_OUTSIDE = ' TargetMode="External"'
_DEFAULTS: dict[str, str] = {
    "rels": "application/vnd.openxmlformats-package.relationships+xml",
    "xml": PLAIN_XML,
    "bin": f"{SHEETML}.printerSettings",
    "png": "image/png",
    "vml": f"{_VND}.vmlDrawing",
}

STYLES = (
    f'<styleSheet xmlns="{MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFFFFF99"/></patternFill></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
    '<xf numFmtId="0" fontId="0" fillId="2" borderId="0" xfId="0" applyFill="1" applyAlignment="1">'
    '<alignment wrapText="1"/></xf>'
    '<xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    '<dxfs count="1"><dxf><font><color rgb="FF9C0006"/></font></dxf></dxfs></styleSheet>'
)

HEADINGS = (
    '<row r="1"><c r="A1" s="1" t="inlineStr"><is><t>Record ID</t></is></c>'
    + "".join(
        f'<c r="{column}1" t="inlineStr"><is><t>{name}</t></is></c>'
        for column, name in zip("BC", ("Price", "Text"), strict=True)
    )
    + "</row>"
)


def row(number: int, attributes: str = "") -> str:
    """Spell a row with an id and a price, and nothing in column C."""
    return (
        f'<row r="{number}"{attributes}><c r="A{number}" t="inlineStr"><is><t>P{number:03}</t></is></c>'
        f'<c r="B{number}"><v>{number * 10}.5</v></c></row>'
    )


ROWS = HEADINGS + "".join(row(number) for number in range(2, 6))


def worksheet(data: str = ROWS, before: str = "", after: str = "", more: str = "") -> str:
    """Spell a sheet: `before` and `after` stand around `sheetData`, `more` in its start tag."""
    return (
        f'{DECLARED}<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}"{more}>{before}'
        f"<sheetData>{data}</sheetData>{after}</worksheet>"
    )


@dataclass
class Book:
    """The parts of a workbook to be."""

    parts: dict[str, bytes] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    """Content type by part."""
    defaults: dict[str, str] = field(default_factory=lambda: dict(_DEFAULTS))
    """Content type by extension."""
    links: dict[str, list[tuple[str, str, str, bool]]] = field(default_factory=dict)
    """By owner: id, type, target, and whether that lies outside."""
    sheets: list[tuple[str, str, str]] = field(default_factory=list)
    """Name, relationship id, further attributes."""
    main: str = WORKBOOK
    before: str = ""
    after: str = ""
    """What stands in the workbook part around the list of sheets."""
    place: str = "xl/workbook.xml"

    def add(self, name: str, content: str | bytes, kind: str = "", *, by: str | None = None, rel: str = "") -> str:
        """Add a part, and a relationship of type `rel` to it from `by`; give the relationship's id."""
        self.parts[name] = content.encode() if isinstance(content, str) else content
        if kind:
            self.kinds[name] = kind
        return "" if by is None else self.link(by, rel, relpath("/" + name, "/" + dirname(by)))

    def link(self, owner: str, kind: str, target: str, *, outside: bool = False) -> str:
        """Relate a part (the package: empty) to a target; `kind` is a word of the standard or a whole address."""
        listed = self.links.setdefault(owner, [])
        identity = f"rId{len(listed) + 1}"
        listed.append((identity, kind if "/" in kind else f"{OFFICE}/{kind}", target, outside))
        return identity

    def sheet(self, xml: str | bytes = "", name: str = "Records", *, more: str = "", part: str = "") -> str:
        """Add a worksheet; give the name of its part."""
        part = part or f"xl/worksheets/sheet{len(self.sheets) + 1}.xml"
        identity = self.add(part, xml or worksheet(), f"{SHEETML}.worksheet+xml", by=self.place, rel="worksheet")
        self.sheets.append((name, identity, more))
        return part

    def strings(self, *items: str) -> None:
        """Add shared strings, each spelled as the inside of `si`."""
        made = "".join(f"<si>{item}</si>" for item in items)
        xml = f'{DECLARED}<sst xmlns="{MAIN}" count="{len(items)}" uniqueCount="{len(items)}">{made}</sst>'
        self.add("xl/sharedStrings.xml", xml, f"{SHEETML}.sharedStrings+xml", by=self.place, rel="sharedStrings")

    def everything(self) -> dict[str, bytes]:
        """All parts, the lists of parts among them."""
        if "xl/styles.xml" not in self.parts:
            self.add("xl/styles.xml", DECLARED + STYLES, f"{SHEETML}.styles+xml", by=self.place, rel="styles")
        if not self.links.get(""):
            self.link("", "officeDocument", self.place)
        self.kinds[self.place] = self.main
        made = {"[Content_Types].xml": self._types(), "_rels/.rels": _relations(self.links[""])}
        made[self.place] = self._workbook()
        for owner, listed in self.links.items():
            if owner:
                folder, _, name = owner.rpartition("/")
                made[f"{folder}/_rels/{name}.rels".lstrip("/")] = _relations(listed)
        return made | self.parts

    def zipped(self) -> bytes:
        """Give the workbook as a file, nothing compressed."""
        return zipped(Member(name, data) for name, data in self.everything().items())

    def _types(self) -> bytes:
        defaults = "".join(f'<Default Extension="{end}" ContentType="{kind}"/>' for end, kind in self.defaults.items())
        kinds = "".join(f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in self.kinds.items())
        return f'{DECLARED}<Types xmlns="{TYPES}">{defaults}{kinds}</Types>'.encode()

    def _workbook(self) -> bytes:
        sheets = "".join(
            f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="{identity}"{more}/>'
            for number, (name, identity, more) in enumerate(self.sheets, 1)
        )
        spaces = f'xmlns="{MAIN}" xmlns:r="{OFFICE}"'
        return f"{DECLARED}<workbook {spaces}>{self.before}<sheets>{sheets}</sheets>{self.after}</workbook>".encode()


def _relations(listed: list[tuple[str, str, str, bool]]) -> bytes:
    made = "".join(
        f'<Relationship Id="{identity}" Type="{kind}" Target={quoteattr(target)}{_OUTSIDE if outside else ""}/>'
        for identity, kind, target, outside in listed
    )
    return f'{DECLARED}<Relationships xmlns="{PACKAGE}">{made}</Relationships>'.encode()


def text(content: str) -> str:
    """Spell the inside of a cell or string that holds a text."""
    return f'<t xml:space="preserve">{escape(content)}</t>'


def one_sheet(data: str = ROWS, before: str = "", after: str = "", more: str = "") -> bytes:
    """Make a workbook of one sheet."""
    book = Book()
    book.sheet(worksheet(data, before, after, more))
    return book.zipped()
