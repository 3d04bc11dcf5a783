"""Whatever carries text in a file is read, or named in a warning: Word, OFD, saved pages, PDF."""

from __future__ import annotations

import email.message
import io
import shutil
import zipfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangbao.gongwen import DocumentError, parse_file
from chuangbao.gongwen.readers import read_file
from chuangbao.gongwen.readers.docx import read_docx
from chuangbao.gongwen.readers.html import read_html
from chuangbao.gongwen.readers.ofd import is_ofd, read_ofd
from chuangbao.gongwen.readers.pdf import read_pdf
from fuzz import files

if TYPE_CHECKING:
    from pathlib import Path

RUN = "<w:r><w:t>{}</w:t></w:r>"
BOX = '<w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox><w:txbxContent><w:p>{}</w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>'
TWICE = '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice Requires="wps">{}</mc:Choice><mc:Fallback>{}</mc:Fallback></mc:AlternateContent>'
CELL = "<w:tc><w:p>{}</w:p></w:tc>"
IN_A_LINE = {
    "run": "{}",
    "smart tag": "<w:smartTag>{}</w:smartTag>",
    "two smart tags": "<w:smartTag><w:smartTag>{}</w:smartTag></w:smartTag>",
    "control": "<w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>",
    "custom xml": "<w:customXml>{}</w:customXml>",
    "insertion": '<w:ins w:id="1">{}</w:ins>',
    "moved to": '<w:moveTo w:id="1">{}</w:moveTo>',
    "link": "<w:hyperlink>{}</w:hyperlink>",
    "field": '<w:fldSimple w:instr="DATE">{}</w:fldSimple>',
    "complex field": '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>REF</w:instrText></w:r>{}<w:r><w:fldChar w:fldCharType="end"/></w:r>',
    "ruby": "<w:r><w:ruby><w:rt><w:r><w:t>pin</w:t></w:r></w:rt><w:rubyBase>{}</w:rubyBase></w:ruby></w:r>",
    "direction": "<w:bdo>{}</w:bdo>",
}
BLOCKS = {
    "paragraph": "<w:p>{}</w:p>",
    "block control": "<w:sdt><w:sdtContent><w:p>{}</w:p></w:sdtContent></w:sdt>",
    "text box": f"<w:p>{BOX}</w:p>",
    "text box twice": f"<w:p>{TWICE}</w:p>",
    "cell": f"<w:tbl><w:tr>{CELL}</w:tr></w:tbl>",
    "controlled cell": f"<w:tbl><w:tr><w:sdt><w:sdtContent>{CELL}</w:sdtContent></w:sdt></w:tr></w:tbl>",
    "controlled row": f"<w:tbl><w:sdt><w:sdtContent><w:tr>{CELL}</w:tr></w:sdtContent></w:sdt></w:tbl>",
    "table in a cell": f"<w:tbl><w:tr><w:tc><w:tbl><w:tr>{CELL}</w:tr></w:tbl><w:p/></w:tc></w:tr></w:tbl>",
}


def block(outer: str, inner: str, token: str) -> str:
    carried = IN_A_LINE[inner].format(RUN.format(token))
    return (
        BLOCKS[outer].format(BOX.format(carried), BOX.format(carried))
        if outer == "text box twice"
        else BLOCKS[outer].format(carried)
    )


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(sorted(BLOCKS)), st.sampled_from(sorted(IN_A_LINE))), min_size=1, max_size=8))
def test_every_carrier_is_read_once_and_in_order(carriers):
    tokens = [f"甲{n}乙" for n in range(len(carriers))]
    data = files.docx("".join(block(*carrier, token) for carrier, token in zip(carriers, tokens, strict=True)))
    text = read_docx(data, "a")
    assert "".join(text.split()) == "".join(tokens)


def warned(body: str, **more: tuple[str, str, str]) -> list[str]:
    warnings: list = []
    read_docx(files.docx(body, more={f"{name}.xml": part for name, part in more.items()}), "a", warnings)
    return [str(warning) for warning in warnings]


def test_what_is_left_out_of_a_word_file_is_named():
    struck = "<w:p><w:del><w:r><w:delText>旧文</w:delText></w:r></w:del><w:r><w:t>新文</w:t></w:r></w:p>"
    assert warned(struck) == ["2 characters struck out by tracked changes were left out"]
    assert warned("<w:p><w:r><w:commentReference/></w:r></w:p>") == ["1 comments in the margin were left out"]
    assert warned("<w:altChunk/><w:p/>") == ["1 embedded files were not read"]
    picture = '<w:p><w:r><w:drawing><a:blip xmlns:a="a"/><c:chart xmlns:c="c"/></w:drawing></w:r></w:p>'
    assert warned(picture) == ["1 pictures were not read; text in them is missing", "1 charts were not read"]
    gone = "<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p><w:r><w:delText>行</w:delText></w:r></w:p></w:tc></w:tr></w:tbl>"
    assert warned(gone) == ["1 characters struck out by tracked changes were left out"]
    footer = (
        f"<w:ftr {files.WORD}>{files.paragraph('内部资料')}{files.paragraph('- 1 -')}</w:ftr>",
        "footer",
        "wordprocessingml.footer",
    )
    assert warned("<w:p/>", footer1=footer) == ["a line of the footer was left out: 内部资料"]


def test_notes_headers_and_forms_are_read_where_they_are_printed():
    notes = f'<w:footnotes {files.WORD}><w:footnote w:type="separator" w:id="0"><w:p/></w:footnote><w:footnote w:id="2">{files.paragraph("含税")}</w:footnote></w:footnotes>'
    header = f"<w:hdr {files.WORD}>{files.paragraph('某科发〔2024〕8号')}</w:hdr>"
    body = (
        '<w:p><w:r><w:t>5万元</w:t><w:footnoteReference w:id="2"/><w:footnoteReference w:id="9"/></w:r></w:p>'
        '<w:p><w:r><w:fldChar><w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="甲"/><w:listEntry w:val="乙"/></w:ddList></w:ffData></w:fldChar></w:r></w:p>'
        '<w:p><w:r><w:fldChar><w:ffData><w:ddList><w:result w:val="7"/></w:ddList></w:ffData></w:fldChar></w:r>'
        '<w:r><w:ffData><w:checkBox><w:checked/></w:checkBox></w:ffData><w:ffData><w:checkBox><w:default w:val="0"/></w:checkBox></w:ffData><w:ffData><w:textInput/></w:ffData></w:r></w:p>'
        '<w:p><w:r><w:sym w:char="F0FE"/><w:sym w:char="F0E0"/><w:tab/><w:noBreakHyphen/><w:br/><w:t>末</w:t></w:r><!-- 注 --></w:p>'
    )
    more = {
        "footnotes.xml": (notes, "footnotes", "wordprocessingml.footnotes"),
        "header1.xml": (header, "header", "wordprocessingml.header"),
    }
    text = read_docx(files.docx(body, more=more), "a")
    assert text == "某科发〔2024〕8号\n5万元（注：含税）\n乙\n☑□\n☑□　-\n末\n"


def test_cells_that_are_equal_or_merged_keep_their_columns():
    cell = CELL.format(RUN)
    first = '<w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr><w:p><w:r><w:t>甲</w:t></w:r></w:p></w:tc>'
    below = "<w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc>"
    rows = f"<w:tr>{first}{cell.format(1)}{cell.format(1)}</w:tr><w:tr>{below}{cell.format(2)}{cell.format(2)}</w:tr>"
    rows += f'<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>{cell.format(3)}{cell.format(3)}</w:tr>'
    assert read_docx(files.docx(f"<w:tbl><w:tblPr/>{rows}</w:tbl>"), "a") == "甲\t1\t1\n甲\t2\t2\n\t3\t3\n"


def test_numbers_that_a_style_prints_and_a_list_that_starts_again():
    styles = (
        f'<w:styles {files.WORD}><w:style w:styleId="B"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:styleId="S"><w:basedOn w:val="B"/></w:style></w:styles>'
    )
    level = '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>'
    numbering = (
        f'<w:numbering {files.WORD}><w:abstractNum w:abstractNumId="0">{level}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>'
        f'<w:num w:numId="3"><w:abstractNumId w:val="9"/><w:lvlOverride w:ilvl="0">{level.replace("%1、", "第%1条")}</w:lvlOverride></w:num></w:numbering>'
    )
    more = {
        "styles.xml": (styles, "styles", "wordprocessingml.styles"),
        "numbering.xml": (numbering, "numbering", "wordprocessingml.numbering"),
    }

    def listed(number: int) -> str:
        return f'<w:pPr><w:numPr><w:numId w:val="{number}"/></w:numPr></w:pPr>'

    body = [
        files.paragraph("甲", '<w:pPr><w:pStyle w:val="S"/></w:pPr>'),
        files.paragraph("乙", '<w:pPr><w:pStyle w:val="S"/></w:pPr>'),
        files.paragraph("丙", listed(2)),
        files.paragraph("丁", listed(3)),
        files.paragraph("戊", listed(0)),
        files.paragraph("己", '<w:pPr><w:pStyle w:val="none"/></w:pPr>'),
    ]
    assert read_docx(files.docx("".join(body), more=more), "a") == "一、甲\n二、乙\n五、丙\n第一条丁\n戊\n己\n"


def test_the_main_part_may_have_another_name():
    body = f"<w:document {files.WORD}><w:body>{files.paragraph('甲')}</w:body></w:document>"
    data = files.package({"word/document2.xml": body}, overrides={}, main="word/document2.xml")
    assert read_docx(data, "a") == "甲\n"


def ofd(*pages: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as box:
        box.writestr(
            "OFD.xml",
            '<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016"><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>',
        )
        places = "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/{n}.xml"/>' for n in range(len(pages)))
        box.writestr(
            "Doc_0/Document.xml",
            f'<ofd:Document xmlns:ofd="http://www.ofdspec.org/2016"><ofd:Pages>{places}</ofd:Pages></ofd:Document>',
        )
        for n, page in enumerate(pages):
            box.writestr(
                f"Doc_0/Pages/{n}.xml",
                f'<ofd:Page xmlns:ofd="http://www.ofdspec.org/2016"><ofd:Content>{page}</ofd:Content></ofd:Page>',
            )
    return out.getvalue()


def letters(text: str, left: float, top: float) -> str:
    return f'<ofd:TextObject Boundary="{left} {top} {len(text) * 5} 5" Size="5"><ofd:TextCode X="0" Y="4">{text}</ofd:TextCode></ofd:TextObject>'


def test_pages_of_ofd(tmp_path: Path):
    page = (
        letters("某科发〔2024〕8号", 60, 40)
        + letters("某市关于补贴的通知", 50, 20)
        + letters("某市", 20, 60)
        + letters("科技局", 30.5, 60.4)
        + letters("财政局", 90, 60)
        + letters(" ", 0, 0)
    )
    (tmp_path / "a.ofd").write_bytes(ofd(page, ""))
    document = parse_file(tmp_path / "a.ofd")
    assert document.text == "某市关于补贴的通知\n某科发〔2024〕8号\n某市科技局　财政局\n"
    assert [str(w) for w in document.warnings] == [
        "page 2: the page has no text (a scan or a picture) and was not read"
    ]
    assert not is_ofd(b"PK damaged")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (ofd(""), "pictures"),
        (ofd("<broken>").replace(b"<broken>", b"<broken "), "damaged"),
        (ofd(letters("甲" * 400_001, 0, 0)), "more than 400000"),
        (ofd("<!DOCTYPE a>" + letters("甲", 0, 0)), "document type"),
    ],
)
def test_ofd_files_that_cannot_be_read(data, why):
    with pytest.raises(DocumentError) as caught:
        read_ofd(data, "a.ofd")
    assert why in str(caught.value)


def test_an_ofd_that_unpacks_to_too_much(monkeypatch):
    monkeypatch.setattr("chuangbao.gongwen.readers.ofd._MAX_UNPACKED", 1)
    with pytest.raises(DocumentError, match="unpacks"):
        read_ofd(ofd(letters("甲", 0, 0)), "a.ofd")


def test_a_page_that_a_browser_saved_as_one_file(tmp_path: Path):
    message = email.message.EmailMessage()
    message["Subject"] = "page"
    message.set_content(
        "<html><head><meta charset=gbk></head><body><p>关于甲的通知</p></body></html>",
        subtype="html",
        charset="gb18030",
    )
    (tmp_path / "a.mhtml").write_bytes(bytes(message))
    assert "关于甲的通知" in read_file(tmp_path / "a.mhtml")
    message.set_content("text")
    (tmp_path / "b.mht").write_bytes(bytes(message))
    with pytest.raises(DocumentError, match="no page"):
        read_file(tmp_path / "b.mht")


def test_tables_forms_and_pictures_of_a_page():
    page = "<html><body><div>首页 导航 菜单文字</div><form><p>关于甲的通知正文很长很长。</p><table><tr><td></td><td><p>甲</p><p>乙</p></td><td>1</td></tr></table><img></form><footer>版权所有</footer></body></html>"
    warnings: list = []
    text = read_html(page.encode(), "a", warnings)
    assert "\n\t甲 乙\t1\n" in text
    assert "关于甲的通知" in text
    assert [str(w) for w in warnings][-1] == "1 pictures were not read; text in them is missing"
    layout: list = []
    assert read_html("<p>甲</p><table><tr><td>乙</td></tr></table>".encode(), "a", layout) == "甲\n乙\n"
    assert layout == []


def test_letters_without_names_and_pages_without_text(monkeypatch):
    base = files.pdf_of_pages([b"BT /F1 12 Tf 72 700 Td (abcdefghijklmnopqrstuvwxyz) Tj ET", b""])
    warnings: list = []
    text = read_pdf(files.pdf(base), "a", warnings)
    assert "abcdef" in text
    assert [str(w) for w in warnings] == ["page 2: the page has no text (a scan or a picture) and was not read"]
    monkeypatch.setattr("chuangbao.gongwen.readers.pdf.join_lines", lambda _pages: ["甲" * 100 + "(cid:12)"])
    warnings.clear()
    read_pdf(files.pdf(base), "a", warnings)
    assert str(warnings[-1]) == "1 letters could not be read because they have no names"
    monkeypatch.setattr("chuangbao.gongwen.readers.pdf.join_lines", lambda _pages: ["甲(cid:12)(cid:13)"])
    with pytest.raises(DocumentError, match="no names"):
        read_pdf(files.pdf(base), "a")


OLD = b"\xd0\xcf\x11\xe0" + b"\0" * 600


def test_an_old_file_without_a_converter_says_what_to_do(tmp_path: Path, monkeypatch):
    (tmp_path / "a.doc").write_bytes(OLD)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DocumentError, match=r"old \.doc"):
        read_file(tmp_path / "a.doc")


@pytest.mark.parametrize("script", ["exit 1", "sleep 5", "not executable"])
def test_a_converter_that_makes_nothing(tmp_path: Path, monkeypatch, script):
    program = tmp_path / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n" if script != "not executable" else "\0")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    monkeypatch.setattr("chuangbao.gongwen.readers.legacy._SECONDS", 0.5)
    (tmp_path / "a.doc").write_bytes(OLD)
    with pytest.raises(DocumentError, match="could not be converted"):
        read_file(tmp_path / "a.doc")


def test_what_a_converter_makes_is_read(tmp_path: Path, monkeypatch):
    """The program is replaced by one that hands out a finished file: the office programs are too large for a test."""
    (tmp_path / "made.docx").write_bytes(files.docx(files.paragraph("甲")))
    program = tmp_path / "soffice"
    program.write_text(f'#!/bin/sh\nfor last; do :; done\ncp "{tmp_path}/made.docx" "${{last%.doc}}.docx"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    (tmp_path / "a.doc").write_bytes(OLD)
    assert read_file(tmp_path / "a.doc") == "甲\n"


@pytest.mark.skipif(not shutil.which("soffice"), reason="no office program is installed")
def test_an_old_file_by_a_real_office_program(tmp_path: Path):
    import subprocess

    (tmp_path / "a.docx").write_bytes(files.docx(files.paragraph("补贴5万元")))
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{tmp_path}/p",
            "--headless",
            "--convert-to",
            "doc",
            "--outdir",
            str(tmp_path),
            str(tmp_path / "a.docx"),
        ],
        check=True,
        capture_output=True,
    )
    assert "补贴5万元" in read_file(tmp_path / "a.doc")
