"""A file that cannot be read is refused in Chinese, with the name that its bringer knows, whatever was wrong with it."""

from __future__ import annotations

import ast
import io
import re
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

import chuangbao
import factories
from chuangbao.facts.domain.subjects import subject_of
from chuangbao.gongwen import DocumentError
from chuangbao.policies.readerwords import explain_document_error, has_words

GONGWEN = Path(chuangbao.__file__).parent / "gongwen"


def package(name):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as box:
        box.writestr(name, "<x/>")
    return out.getvalue()


BAD = {
    "通知 (终稿).doc": b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "通知.wps": b"\xd0\xcf\x11\xe0" + b"\x00" * 600,
    "损坏.docx": b"PK\x03\x04 nothing", "别的.docx": package("x.txt"), "扫描.pdf": b"%PDF-1.4\nnothing\n%%EOF",
    "图片.png": b"\x89PNG\r\n\x1a\n" + b"\x00" * 60, "空.txt": b"   \n ", "乱码.txt": b"abc \xff\xff\x80\xff",
    "网页.html": b"<html><body></body></html>",
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("page", ["policies:import", "authoring:bring"])
def test_a_file_that_cannot_be_read_is_refused_in_the_readers_words(client, regions, library, page, name):
    if page == "authoring:bring":
        factories.sign_in(client, factories.officer("policy_editor", region=factories.PROVINCE))
    upload = SimpleUploadedFile(name, BAD[name])
    answer = client.post(reverse(page), {"file": upload, "text": "", "ref": "test-2"})
    assert answer.status_code == 422
    said = re.findall(r'<p class="cb-wrong"[^>]*>(.*?)</p>', answer.content.decode(), re.DOTALL)
    assert said
    assert f"“{name}”" in said[0]
    plain = re.sub(r"“[^”]*”|\.?(?:docx?|wps|pdf|txt|html|png)|Word|WPS|PDF|OCR|UTF-8|GB18030", "", said[0])
    assert re.findall(r"[A-Za-z]+", plain) == []
    assert "只有文件需要重新选择" in answer.content.decode()


@pytest.mark.parametrize("fact", ["", "expand_hires"])
@pytest.mark.parametrize("name", ["我的表 1.doc", "空的.pdf", "空的.csv"])
def test_evidence_and_tables_name_the_file_too(client, regions, library, fact, name):
    actor = factories.member()
    factories.sign_in(client, actor)
    url = reverse("facts:fact", args=[subject_of(actor).pk, fact]) if fact else reverse("facts:import")
    file = SimpleUploadedFile(name, b"x" if name.endswith("doc") else b" ")
    answer = client.post(url, {"file": file, "expand_hires": "3"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert f"“{name}”：" in page
    assert not re.search(r"upload\.\w+|was not read", page)


def test_what_nobody_foresaw_is_said_in_words_too():
    with translation.override("zh-hans"):
        said = explain_document_error(DocumentError("odd.x was lost", "the moon", "Wait"), name="我的.x")
        assert said == "“我的.x”没有读成：文件中有此处无法识别的内容。请只保存文字后重试。"
        assert explain_document_error(DocumentError("the text is empty", "it holds no characters", "")).startswith(
            "您粘贴"
        )


def spoken(node):
    """A literal or an f-string with figures in its holes; None for what is only known when it happens."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(p.value) if isinstance(p, ast.Constant) else "7" for p in node.values)
    return None


def messages():
    """Every message of the parser, by its part and place."""
    for path in GONGWEN.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(getattr(node, "func", None), "id", "")
            if isinstance(node, ast.Call) and name in {"DocumentError", "HostilePackageError"}:
                parts = ("what", "why", "remedy") if name == "DocumentError" else ("why",)
                for part, argument in zip(parts, node.args, strict=False):
                    said = spoken(argument)
                    if said is not None:
                        yield part, said, f"{path.name}:{node.lineno}"


def test_every_message_of_the_parser_has_words():
    listed = list(messages())
    assert len(listed) > 40
    assert [(part, said, place) for part, said, place in listed if not has_words(part, said)] == []
