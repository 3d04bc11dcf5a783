"""The page of a document that was read (导入): what was found, what was not, tables and legend."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from django.utils.html import escape

from chuangbao.core.models import Job, StoredFile
from chuangbao.core.storage.reading import IN_PAGE, read_apart
from chuangbao.gongwen import readers
from chuangbao.policies import importing
from chuangbao.policies.domain import reading
from fuzz import files

STRUCK = "<w:p><w:del><w:r><w:delText>旧</w:delText></w:r></w:del><w:r><w:t>一、新文</w:t></w:r></w:p>"
NOTICE = "某市关于名单的通知\n某发〔2024〕1号\n各区：\n现公布名单。\n一、名单\n序号\t单位\t面积\n1\t甲公司\t800平方米\n二、要求\n区科技局应当报送5万元以上项目。\n某市科技局\n2024年5月1日\n"


def test_warnings_are_in_the_language_of_the_reader(client, db):
    upload = SimpleUploadedFile("a.docx", files.docx(STRUCK))
    page = client.post("/policies/import/", {"file": upload, "text": ""}).content.decode()
    assert "没有读到或存疑的内容" in page
    assert "修订中删去的1字没有读取" in page
    two = files.pdf_of_pages([b"BT /F1 12 Tf 72 700 Td (abcdefghijklmnop) Tj ET", b""])
    page = client.post("/policies/import/", {"file": SimpleUploadedFile("a.pdf", files.pdf(two)), "text": ""})
    assert "第2页：这一页没有文字层" in page.content.decode()


def test_every_warning_of_a_reader_has_chinese_words():
    source = "".join(path.read_text(encoding="utf-8") for path in Path(readers.__file__).parent.glob("*.py"))
    said = re.findall(r'"((?:a |the page|%\(count\)s)[^"]* (?:left out|not read|missing|no names)[^"]*)"', source)
    assert set(said) == set(importing.WARNINGS)
    with translation.override("zh-hans"):
        assert all(translation.gettext(text) != text for text in importing.WARNINGS)


def test_tables_stay_tables_and_the_opening_is_shown(client, db):
    page = client.post("/policies/import/", {"text": NOTICE})
    words = page.content.decode()
    assert "现公布名单。" in words
    assert words.count("<td>甲公司</td>") == 1
    assert "颜色说明" in words
    assert "各区" in words
    assert 'class="is-quantity"' in words
    account = page.context["account"]
    assert account["characters"] == len("".join(NOTICE.split()))


def test_a_text_that_is_no_document_says_so(client, db):
    page = client.post("/policies/import/", {"text": "你好，我想开店"}).content.decode()
    assert "这段文字不像一份公文" in page
    assert "这段文字不像一份公文" not in client.post("/policies/import/", {"text": NOTICE}).content.decode()


@pytest.mark.parametrize(
    ("sentence", "understood"),
    [
        ("补贴不超过50万元。", "≤ 500,000 元"),
        ("按30%至50%给予贴息。", "30–50 %"),
        ("投资10万元至50万元（不含）的。", "100,000 ≤ … < 500,000 元"),
        ("投资10万元（不含）至50万元（含）的。", "100,000 < … ≤ 500,000 元"),
        ("每人补贴3000元/人。", "3000 元/人"),
        ("自2024年起约有1200.5亩。", "≈ 1200.5 亩"),
        ("按1:1的比例配套。", "1/1"),
    ],
)
def test_a_figure_says_how_it_was_understood(client, db, sentence, understood):
    page = client.post("/policies/import/", {"text": f"某市关于某事的通知\n一、{sentence}"})
    assert understood in [words for _printed, words, _mark in page.context["figures"]]
    assert escape(understood) in page.content.decode()


def test_of_many_who_have_to_act_the_first_are_named_and_the_others_counted(client, db):
    names = "、".join(f"市第{n}局" for n in "一二三四")
    words = client.post("/policies/import/", {"text": f"某市关于某事的通知\n一、{names}应当报送。"}).content.decode()
    assert words.count("市第二局</span>") == 1
    assert "市第三局</span>" not in words
    assert "共 4 个" in words
    assert f'title="{names}"' in words


def test_the_figures_of_a_table_are_among_all_figures(client, db):
    page = client.post("/policies/import/", {"text": NOTICE})
    assert [(printed, words) for printed, words, _mark in page.context["figures"]] == [
        ("800平方米", "800 平方米"),
        ("5万元", "≥ 50,000 元"),
    ]


def test_a_visitors_file_that_takes_too_long_is_refused_with_the_limit_and_kept_nowhere(client, db, monkeypatch):
    monkeypatch.setattr(reading, "read_apart", partial(read_apart, limits=replace(IN_PAGE, cpu=1, wall=0.001)))
    answer = client.post("/policies/import/", {"file": SimpleUploadedFile("a.txt", NOTICE.encode() * 400), "text": ""})
    assert answer.status_code == 422
    said = answer.content.decode()
    assert "内存超过 1024 MB，因此没有读取" in said
    assert "或粘贴需要的部分" in said
    assert not StoredFile.objects.exists()
    assert not Job.objects.exists()


def test_the_bounds_stand_on_the_page_before_a_file_is_chosen(client, db):
    said = client.get("/policies/import/").content.decode()
    assert f"读取不超过 {IN_PAGE.wall:.0f} 秒" in said
