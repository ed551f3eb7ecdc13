"""Workbooks made to harm their reader, and the parts of an ordinary one to make them of."""

import io
import struct
import zipfile
from collections.abc import Iterator, Mapping

OFFICE = "http://schemas.openxmlformats.org"
MAIN = f"{OFFICE}/spreadsheetml/2006/main"
XLSX_PARTS: Mapping[str, str] = {
    "[Content_Types].xml": f"""<?xml version="1.0"?><Types xmlns="{OFFICE}/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/xl/workbook.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>""",
    "_rels/.rels": f"""<?xml version="1.0"?><Relationships xmlns="{OFFICE}/package/2006/relationships">
<Relationship Id="rId1" Type="{OFFICE}/officeDocument/2006/relationships/officeDocument"
 Target="xl/workbook.xml"/></Relationships>""",
    "xl/workbook.xml": f"""<?xml version="1.0"?><workbook xmlns="{MAIN}"
 xmlns:r="{OFFICE}/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/>
</sheets></workbook>""",
    "xl/_rels/workbook.xml.rels": f"""<?xml version="1.0"?>
<Relationships xmlns="{OFFICE}/package/2006/relationships">
<Relationship Id="rId1" Type="{OFFICE}/officeDocument/2006/relationships/worksheet"
 Target="worksheets/sheet1.xml"/>
<Relationship Id="rId2" Type="{OFFICE}/officeDocument/2006/relationships/sharedStrings"
 Target="sharedStrings.xml"/></Relationships>""",
}
SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
HEAD = '<?xml version="1.0"?>'
OFFICE_DOCUMENT = "urn:oasis:names:tc:opendocument:xmlns"


def packed(parts: Mapping[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", method, compresslevel=9) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return written.getvalue()


def cell(reference: str, text: str = "x") -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


def xlsx(rows: str, *, before: str = "", doctype: str = "", **parts: bytes | str) -> bytes:
    """Pack a workbook of one sheet with these rows."""
    sheet = f'{HEAD}{doctype}<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData></worksheet>'
    named = {name.replace("__", "/"): content for name, content in parts.items()}
    return packed({**XLSX_PARTS, SHEET: sheet, STRINGS: f'{HEAD}<sst xmlns="{MAIN}"/>', **named})


def row(number: int, *cells: str) -> str:
    return f'<row r="{number}">{"".join(cells)}</row>'


def ods(table: str, doctype: str = "") -> bytes:
    content = (
        f'{HEAD}{doctype}<office:document-content xmlns:office="{OFFICE_DOCUMENT}:office:1.0"'
        f' xmlns:table="{OFFICE_DOCUMENT}:table:1.0" xmlns:text="{OFFICE_DOCUMENT}:text:1.0"><office:body>'
        f'<office:spreadsheet><table:table table:name="S">{table}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    return packed({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content})


TEXT_CELL = 'office:value-type="string"><text:p>x</text:p></table:table-cell>'
FILLED = f"<table:table-cell {TEXT_CELL}"
LAUGHS = (
    '<!DOCTYPE lolz [<!ENTITY a "lol">'
    + "".join(
        f"<!ENTITY {name} '{f'&{before};' * 10}'>"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]>"
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY i SYSTEM "file:///etc/passwd">]>'


def few_workbooks() -> Iterator[tuple[str, bytes]]:
    yield "corners.xlsx", xlsx(row(1, cell("A1")) + row(1048576, cell("XFD1048576")))
    yield "far-right.xlsx", xlsx(row(1, cell("A1")) + row(2000, cell("XFD2000")))


def workbooks() -> Iterator[tuple[str, bytes]]:
    yield from few_workbooks()
    yield "far-down.xlsx", xlsx(row(1, cell("A1")) + row(1048576, cell("A1048576")))
    yield "beyond-the-sheet.xlsx", xlsx(row(1, cell("A1")) + row(9999999, cell("ZZZ9999999")))
    yield "row-without-end.xlsx", xlsx(f'<row r="{"9" * 400}"><c><v>1</v></c></row>')
    yield "no-references.xlsx", xlsx("<row><c><v>1</v></c></row>" * 250_000)
    yield "one-place-again.xlsx", xlsx(row(1, cell("A1") * 2_100_000))
    yield (
        "prefixed.xlsx",
        packed(
            {
                **XLSX_PARTS,
                SHEET: f'{HEAD}<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1">'
                '<x:c r="A1"><x:v>1</x:v></x:c><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>'
                "</x:sheetData></x:worksheet>",
            }
        ),
    )
    yield "said-dimension.xlsx", xlsx(row(1, cell("A1")), before='<dimension ref="A1:XFD1048576"/>')
    yield "merged.xlsx", xlsx(row(1, cell("A1")), before='<cols><col min="1" max="16384"/></cols>')
    yield "laughs.xlsx", xlsx(row(1, cell("A1", "&i;")), doctype=LAUGHS)
    yield "outside.xlsx", xlsx(row(1, cell("A1", "&i;")), doctype=OUTSIDE)
    yield "deep.xlsx", xlsx("<row>" * 100_000)
    strings = f'{HEAD}<sst xmlns="{MAIN}"><si><t>{"s" * 30_000_000}</t></si></sst>'
    shared = "".join(f'<c r="A{number}" t="s"><v>0</v></c>' for number in range(1, 500))
    yield "strings-bomb.xlsx", xlsx(shared, **{"xl__sharedStrings.xml": strings})
    long = f'{HEAD}<sst xmlns="{MAIN}"><si><t>{"".join(map(str, range(6_000)))}</t></si></sst>'
    many = "".join(row(n, f'<c r="A{n}" t="s"><v>0</v></c>') for n in range(1, 100_000))
    yield "one-long-string-everywhere.xlsx", xlsx(many, **{"xl__sharedStrings.xml": long})
    yield "string-not-there.xlsx", xlsx(row(1, '<c r="A1" t="s"><v>4294967295</v></c>'))
    yield "style-not-there.xlsx", xlsx(row(1, '<c r="A1" s="4294967295"><v>1</v></c>'))
    yield "numbers.xlsx", xlsx(row(1, '<c r="A1"><v>1e999</v></c>', f'<c r="B1"><v>{"9" * 100_000}</v></c>'))
    yield "dates.xlsx", xlsx(row(1, '<c r="A1" t="d"><v>99999-99-99T99:99:99</v></c>'))
    yield "macros.xlsm", xlsx(row(1, cell("A1")), **{"xl__vbaProject.bin": b"\xd0\xcf\x11\xe0"})
    yield "no-sheet.xlsx", packed(XLSX_PARTS)
    yield "empty-sheet.xlsx", xlsx("")
    yield "sheet-of-zeros.xlsx", xlsx("", **{"xl__worksheets__sheet1.xml": b"\0" * 4_000_000})
    yield "binary.xlsb", packed({**XLSX_PARTS, "xl/workbook.bin": struct.pack("<200I", *range(200))})
    yield "old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 4_000
    repeated = f'<table:table-cell table:number-columns-repeated="1000000000" {TEXT_CELL}'
    yield "columns.ods", ods(f"<table:table-row>{repeated}</table:table-row>")
    yield (
        "rows.ods",
        ods(f'<table:table-row table:number-rows-repeated="1000000000">{FILLED}</table:table-row>'),
    )
    empty = '<table:table-row table:number-rows-repeated="1000000000"><table:table-cell/></table:table-row>'
    yield (
        "empty-rows-between.ods",
        ods(f"{empty}<table:table-row><table:table-cell {TEXT_CELL}</table:table-row>"),
    )
    yield "laughs.ods", ods("<table:table-row/>", LAUGHS)
    yield (
        "negative.ods",
        ods(f'<table:table-row table:number-rows-repeated="-1">{FILLED}</table:table-row>'),
    )
