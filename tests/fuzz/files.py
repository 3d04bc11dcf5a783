"""Hostile files, built anew for each test: small ones that would cost minutes or gigabytes where nothing bounds them."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
)
OVERRIDE = '<Override PartName="/{part}" ContentType="application/vnd.openxmlformats-officedocument.{kind}+xml"/>'
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inside}</Relationships>'
)
RELATION = (
    '<Relationship Id="r{n}" Target="{target}" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"/>'
)
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
CELLS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LINK = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
HEADS = ("信息项", "取值")


def pdf(objects):
    """A PDF of these objects, numbered from 1; the first is the catalogue."""
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, start)
    return bytes(out)


def stream(content, extra=b""):
    """A packed stream."""
    packed = zlib.compress(content, 9)
    return b"<< %s /Filter /FlateDecode /Length %d >>\nstream\n" % (extra, len(packed)) + packed + b"\nendstream"


FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
LETTERS = b"BT /F1 8 Tf 20 %d Td (abcdefghij klmnopqrst uvwxyz) Tj ET\n"


def pdf_of_pages(contents, *, shared=False, resources=b""):
    """A PDF with a page for each content; with ``shared`` the first content is that of every page."""
    count = len(contents)
    first = 4
    pages = b" ".join(b"%d 0 R" % (first + n) for n in range(count))
    streams = contents[:1] if shared else contents
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count %d /Kids [%s] >>" % (count, pages), FONT]
    for n in range(count):
        at = first + count + (0 if shared else n)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents %d 0 R /Resources << /Font << /F1 3 0 R >> %s >> >>"
            % (at, resources)
        )
    return objects + [stream(content) for content in streams]


def pdf_forms(levels, fan):
    """A page that draws a form, which draws another ``fan`` times, and so on: ``fan ** levels`` words."""
    base = pdf_of_pages([b"/X1 Do\n"], resources=b"/XObject << /X1 6 0 R >>")
    for level in range(1, levels + 1):
        head = b"/Type /XObject /Subtype /Form /BBox [0 0 600 800]"
        if level == levels:
            base.append(stream(LETTERS % 100, head + b" /Resources << /Font << /F1 3 0 R >> >>"))
        else:
            inner = b" /Resources << /XObject << /X%d %d 0 R >> >>" % (level + 1, 6 + level)
            base.append(stream(b"/X%d Do\n" % (level + 1) * fan, head + inner))
    return pdf(base)


def pdf_of_itself():
    """A form that draws itself."""
    base = pdf_of_pages([b"/X1 Do\n"], resources=b"/XObject << /X1 6 0 R >>")
    head = b"/Type /XObject /Subtype /Form /BBox [0 0 600 800] /Resources << /XObject << /X1 6 0 R >> >>"
    return pdf([*base, stream(b"/X1 Do /X1 Do\n", head)])


def pdf_shared(pages, lines):
    """Many pages that share one stream of content."""
    return pdf(pdf_of_pages([b"".join(LETTERS % (n % 800) for n in range(lines))] * pages, shared=True))


def pdf_objects(count, size):
    """What looks like packed objects, each of ``size`` zeros."""
    one = b"/ObjStm>>stream\n" + zlib.compress(bytes(size), 9) + b"\n"
    return b"%PDF-1.4\n" + one * count


def pdf_marks(size):
    """Nothing but the beginnings of packed objects."""
    return b"%PDF-1.4\n" + b"/ObjStm>>stream\n" * (size // 16)


def pdf_brackets(count):
    """A page whose content opens lists and never closes them."""
    return pdf(pdf_of_pages([b"[" * count]))


def package(parts, *, overrides, main, kind="officeDocument"):
    """A package of Office."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        listed = "".join(OVERRIDE.format(part=part, kind=what) for part, what in overrides.items())
        box.writestr("[Content_Types].xml", TYPES.format(overrides=listed))
        box.writestr("_rels/.rels", RELATIONS.format(inside=RELATION.format(n=1, target=main, kind=kind)))
        for name, content in parts.items():
            box.writestr(name, content)
    return out.getvalue()


def docx(body, *, more=None, head=""):
    """A Word file with this body; ``more`` are parts beside it by name: (content, kind of relation, kind of part)."""
    more = more or {}
    inside = "".join(
        RELATION.format(n=n, target=name, kind=relation) for n, (name, (_c, relation, _k)) in enumerate(more.items(), 1)
    )
    parts = {
        "word/document.xml": f'<?xml version="1.0"?>{head}<w:document {WORD}><w:body>{body}</w:body></w:document>',
        "word/_rels/document.xml.rels": RELATIONS.format(inside=inside),
    } | {f"word/{name}": content for name, (content, _r, _k) in more.items()}
    kinds = {"word/document.xml": "wordprocessingml.document.main"}
    kinds |= {f"word/{name}": kind for name, (_c, _r, kind) in more.items()}
    return package(parts, overrides=kinds, main="word/document.xml")


def paragraph(text, properties=""):
    """A paragraph of a Word file."""
    return f"<w:p>{properties}<w:r><w:t>{text}</w:t></w:r></w:p>"


def docx_span(columns, tag="gridSpan"):
    """A table whose one cell spans this many columns."""
    cell = f'<w:tc><w:tcPr><w:{tag} w:val="{columns}"/></w:tcPr><w:p><w:r><w:t>甲</w:t></w:r></w:p></w:tc>'
    return docx(f"<w:tbl><w:tblGrid><w:gridCol/></w:tblGrid><w:tr>{cell}</w:tr></w:tbl>")


def docx_label(letters, paragraphs):
    """A list whose label is this long, before each of its paragraphs."""
    listed = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
    numbering = (
        f'<w:numbering {WORD}><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
        f'<w:numFmt w:val="decimal"/><w:lvlText w:val="{"x" * letters}%1"/></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )
    return docx(
        paragraph("甲", listed) * paragraphs,
        more={"numbering.xml": (numbering, "numbering", "wordprocessingml.numbering")},
    )


def docx_entities(count):
    """Entities that refer to one another."""
    laughs = '<!ENTITY a "ha">' + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(count))
    return docx(paragraph(f"&{chr(97 + count)};"), head=f"<!DOCTYPE l [{laughs}]>")


def docx_renamed(size):
    """A document that lies in a part named like a picture."""
    body = f"<w:document {WORD}><w:body>{paragraph('甲' * size)}</w:body></w:document>"
    return package(
        {"word/document.xml": "<a/>", "word/media/a.png": body},
        overrides={"word/media/a.png": "wordprocessingml.document.main"},
        main="word/media/a.png",
    )


def nested_docx(depth):
    """Tables in tables."""
    inner = paragraph("甲")
    for _level in range(depth):
        inner = f"<w:tbl><w:tblGrid><w:gridCol/></w:tblGrid><w:tr><w:tc>{inner}<w:p/></w:tc></w:tr></w:tbl>"
    return docx(inner)


def html_deep(depth, size, tag="div"):
    """A page of one text below many levels."""
    return f"<html><body>{f'<{tag}>' * depth}{'中' * size}{f'</{tag}>' * depth}</body></html>".encode()


def html_blanks(size):
    """A label of the head with nothing but blanks behind it."""
    return f"<html><body><p>文号{' ' * size}</p></body></html>".encode()


def text_long(size):
    """A text of ordinary sentences."""
    one = "第一条　每年不少于100万元，由省财政厅负责，2015年6月8日起施行。\n"
    return (one * (size // len(one) + 1))[:size].encode()


def xlsx(sheet, *, strings="", strings_at="sharedStrings.xml", head=""):
    """A workbook with this sheet and these shared strings."""
    inside = RELATION.format(n=1, target="worksheets/sheet1.xml", kind="worksheet")
    inside += RELATION.format(n=2, target=strings_at, kind="sharedStrings")
    parts = {
        "xl/workbook.xml": f'<workbook {CELLS} {LINK}><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": RELATIONS.format(inside=inside),
        "xl/worksheets/sheet1.xml": f"<worksheet {CELLS}>{sheet}</worksheet>",
        f"xl/{strings_at}": f'<?xml version="1.0"?>{head}<sst {CELLS}>{strings}</sst>',
    }
    kinds = {
        "xl/workbook.xml": "spreadsheetml.sheet.main", "xl/worksheets/sheet1.xml": "spreadsheetml.worksheet",
        f"xl/{strings_at}": "spreadsheetml.sharedStrings",
    }  # fmt: skip
    return package(parts, overrides=kinds, main="xl/workbook.xml")


def row(number, *texts):
    """A row of a sheet with texts in it."""
    cells = "".join(
        f'<c r="{chr(65 + n)}{number}" t="inlineStr"><is><t>{text}</t></is></c>' for n, text in enumerate(texts)
    )
    return f'<row r="{number}">{cells}</row>'


def xlsx_entities(count):
    """Shared strings out of an entity, just below the parser's own limit of growth."""
    entity = f'<!DOCTYPE s [<!ENTITY a "{"A" * 250}">]>'
    strings = f"<si><t>{'&a;' * count}</t></si>"
    return xlsx(f"<sheetData>{row(1, *HEADS)}{row(2, '甲', '1')}</sheetData>", strings=strings, head=entity)


def xlsx_renamed(size):
    """Shared strings under a name that no list of endings has."""
    strings = f"<si><t>{'A' * 1000}</t></si>" * (size // 1000)
    return xlsx(
        f"<sheetData>{row(1, *HEADS)}{row(2, '甲', '1')}</sheetData>", strings=strings, strings_at="sharedStrings.foo"
    )


def xlsx_rows(rows, dimension="A1:B2"):
    """A sheet that says it has two rows and has many."""
    listed = "".join(row(n, "甲", "1") for n in range(2, rows + 2))
    return xlsx(f'<dimension ref="{dimension}"/><sheetData>{row(1, *HEADS)}{listed}</sheetData>')


def with_version(content, version=99):
    """A package whose directory asks for a version of the format that no program has."""
    out = bytearray(content)
    at = out.find(b"PK\x01\x02")
    while at >= 0:
        out[at + 6 : at + 8] = struct.pack("<H", version)
        at = out.find(b"PK\x01\x02", at + 4)
    return bytes(out)
