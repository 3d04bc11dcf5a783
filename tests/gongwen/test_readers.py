"""Files that come from a clerk's desk, good and bad."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import docx
import pytest
from pypdf import PdfReader, PdfWriter

from chuangbao.core.exports.pdf import typeset
from chuangbao.gongwen import DocumentError, parse_file, readers

if TYPE_CHECKING:
    from pathlib import Path

BODY = [
    "某省科技厅关于做好备案工作的通知",
    "某科发〔2020〕3号",
    "各有关单位：",
    "现就有关事项通知如下。",
    "一、申报条件",
    "（一）场地不低于500平方米。",
    "二、申报时间",
    "某省科技厅",
    "2020年4月20日",
]


def pdf(body: str) -> bytes:
    return typeset(f'#set text(font: "Noto Sans SC")\n{body}')


def check(path: Path) -> None:
    document = parse_file(path)
    assert document.number == "某科发〔2020〕3号"
    assert document.title == BODY[0]
    assert [s.heading for s in document.sections] == ["申报条件", "申报时间"]
    assert document.date == "2020-04-20"


def test_text_in_gb18030(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("\r\n".join(BODY).encode("gb18030"))
    check(path)


def test_word(tmp_path: Path) -> None:
    document = docx.Document()
    for line in BODY:
        document.add_paragraph(line)
    document.add_table(1, 2).rows[0].cells[0].text = "甲"
    document.save(str(tmp_path / "a.docx"))
    check(tmp_path / "a.docx")


def test_saved_page(tmp_path: Path) -> None:
    inner = "".join(f"<p>{line}</p>" for line in BODY[2:])
    page = (
        "<html><head><meta charset='gbk'><script>var a='一、'</script></head><body><nav>首页 新闻</nav>"
        f"<h1>{BODY[0]}</h1><table><tr><td>发文字号：</td><td>{BODY[1]}</td></tr></table><div>{inner}</div><footer>版权</footer></body></html>"
    )
    (tmp_path / "a.html").write_bytes(page.encode("gbk"))
    check(tmp_path / "a.html")


def test_pdf(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf("\n\n".join(BODY)))
    check(tmp_path / "a.pdf")


def locked() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("文"))))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.txt", b"", "is empty"),
        ("a.txt", b"\xff\xff\xff\x00", "UTF-8 or GB18030"),
        ("a.xyz", b"abc", "not a kind"),
        ("a.doc", b"\xd0\xcf\x11\xe0rest", "old .doc"),
        ("a.docx", b"PKrest", "damaged"),
        ("a.pdf", b"%PDF-1.7 rest", "damaged"),
        ("a.pdf", pdf("#rect()"), "no text layer"),
        ("a.pdf", locked(), "password"),
    ],
)
def test_bad_file_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, data: bytes, message: str
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))  # no office program converts the old ones
    (tmp_path / name).write_bytes(data)
    with pytest.raises(DocumentError, match=message) as caught:
        parse_file(tmp_path / name)
    assert caught.value.remedy


def test_missing_file_and_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DocumentError, match="cannot be opened"):
        parse_file(tmp_path / "none.txt")
    monkeypatch.setattr(readers, "MAX_BYTES", 3)
    (tmp_path / "a.txt").write_text("文文文", encoding="utf-8")
    with pytest.raises(DocumentError, match="more than 3"):
        parse_file(tmp_path / "a.txt")
