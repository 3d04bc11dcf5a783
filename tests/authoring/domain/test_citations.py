"""Clauses are cited by the marks that are printed; the path of positions is an id that no page shows."""

from __future__ import annotations

import re
from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils.html import strip_tags

import factories
from chuangbao.authoring.domain import documents
from chuangbao.authoring.domain.authored import move_on, publish_text
from chuangbao.core.engine.citations import clause_words, list_citations, path_of, short_words
from chuangbao.core.engine.current import current_pack, use_newest_engine
from chuangbao.policies.domain.overlay import document_of
from chuangbao.policies.domain.reading import read_text
from chuangbao.policies.models import RegisteredClause
from chuangbao.rules.model import Clause, Text

pytestmark = pytest.mark.usefixtures("regions", "library")
ARTICLES = """长春市南关区科技局关于印发科技创新券管理办法的通知
吉科发〔2026〕88号

第一章 总则

第一条 为支持创新，制定本办法。

第二章 支持方式

第四条 支持下列事项：

（一）检验检测；

（三）对技术开发给予补贴。

第三章 附则

第六条 本办法自2026年12月1日起施行，有效期2年。
"""
NUMBERED = """关于支持软件的通知

一、总体要求

（一）目标。

（二）任务。

1. 建平台。

3. 给予补贴。
"""


@pytest.mark.parametrize(
    ("marks", "words"),
    [
        (["第四条", "（三）"], "第四条第（三）项"), (["第二章", "第四条", "（三）"], "第四条第（三）项"),
        (["第二章", "第一节", "第十二条"], "第十二条"), (["第四条", "（三）", "2."], "第四条第（三）项第2目"),
        (["一、", "（二）", "3."], "一、（二）3."), (["第六条"], "第六条"), (["第二章"], "第二章"), (["", "（一）"], "（一）"),
        (["第四条", "第2段"], "第四条第2段"), (["第四条", "(三)"], "第四条第(三)项"), ([], ""),
    ],
)  # fmt: skip
def test_a_citation_is_what_one_would_write(marks, words):
    assert path_of(marks) == words


def test_a_paragraph_without_a_mark_is_counted_within_its_clause():
    found = list_citations([(1, "第四条"), (2, ""), (2, ""), (1, "第五条"), (2, ""), (1, ""), (2, "（一）")])
    assert list(found) == ["第四条", "第四条第1段", "第四条第2段", "第五条", "第五条第1段", "第1段", "第1段（一）"]


def brought(author, text=ARTICLES, ref="kjfz-88"):
    text, parsed = read_text(text)
    return documents.bring_document(ref=ref, text=text, parsed=parsed, actor=author)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [(ARTICLES, ["第四条第（三）项", "第四条第（一）项", "第六条", "第一条"]),
     (NUMBERED, ["一、（二）3.", "一、（二）1.", "一、（一）", "一、"])],
)  # fmt: skip
def test_an_import_keeps_the_printed_marks(author, text, wanted):
    rows = list(brought(author, text).clauses.all())
    marks = list(list_citations((row.level, row.mark) for row in rows))
    assert set(wanted) <= set(marks)


@pytest.fixture
def published(author, reviewer):
    row = move_on(row=brought(author), verb="submit", actor=author)
    return publish_text(row=row, valid_from=row.valid_from, valid_to=row.valid_to, actor=reviewer)


@pytest.fixture
def at(client):
    return lambda actor: factories.sign_in(client, actor)


def test_every_page_cites_the_mark_and_none_shows_the_path(at, author, published):
    clause = published.clauses.get(mark="（三）")
    ident = f"kjfz-88:{clause.number}"
    client = at(author)
    pages = [
        client.get(reverse("policies:document", args=["kjfz-88"])),
        client.get(f"/policies/desk/documents/{published.pk}/"), client.get("/policies/desk/new/"),
        client.get("/policies/desk/notes/new/"),
    ]  # fmt: skip
    for page in pages:
        text = re.sub(r"\s+", " ", strip_tags(page.content.decode()))
        assert "第四条第（三）项" in text
        assert f" {clause.number} " not in text
        assert ident not in text
    found = strip_tags(client.get("/policies/", {"q": "技术开发"}).content.decode())
    assert ident not in found
    with use_newest_engine():
        assert clause_words(ident) == "吉科发〔2026〕88号 第四条第（三）项"
        assert clause_words("kjfz-88:99") == "政策库已没有的条款"


def test_a_document_without_a_number_is_cited_by_its_title(author, reviewer):
    row = move_on(row=brought(author, NUMBERED), verb="submit", actor=author)
    publish_text(row=row, valid_from=factories.TERM[0], actor=reviewer)
    clause = row.clauses.get(mark="3.")
    with use_newest_engine():
        assert clause_words(f"kjfz-88:{clause.number}") == "《关于支持软件的通知》 一、（二）3."


def test_an_officer_corrects_the_mark_and_never_the_path(at, author):
    row = brought(author)
    clause = row.clauses.get(mark="（三）")
    client = at(author)
    page = client.get(f"/policies/desk/clauses/{clause.pk}/").content.decode()
    assert 'name="mark"' in page
    assert 'name="number"' not in page
    assert "文号" not in strip_tags(page)
    form = {
        "mark": "（四）",
        "level": "3",
        "heading": "",
        "text": clause.text,
        "kind": "",
        "revision": "1",
        "do": "save",
    }
    assert client.post(f"/policies/desk/clauses/{clause.pk}/", form).status_code == 302
    clause.refresh_from_db()
    assert (clause.mark, clause.number) == ("（四）", clause.number)
    assert "第四条第（四）项" in client.get(f"/policies/desk/documents/{row.pk}/").content.decode()


def test_joining_keeps_the_words_apart_and_the_mark_in_them(author):
    row = brought(author)
    clause = row.clauses.get(mark="（三）")
    joined = documents.merge_clause(clause=clause, revision=1, actor=author)
    assert joined.text == "检验检测；\n（三）对技术开发给予补贴。"


def test_the_seed_is_cited_by_its_printed_marks():
    assert clause_words("2.2.4") == "吉政办发〔2015〕31号 二、（二）"
    assert clause_words("2.2.4", alone=True) == "二、（二）"
    assert clause_words("99.9") == "99.9"
    assert short_words(Clause("2.1", "", Text("x"))) == "2.1"
    assert short_words(Clause("a:2.1", "", Text("x"))) == ""
    assert all(clause.mark for clause in current_pack().documents["jilin-2015-31"].clauses)


def test_a_clause_without_a_mark_is_cited_by_its_document(published, monkeypatch):
    from dataclasses import replace

    from chuangbao.core.engine import citations

    bare = document_of(published)
    bare = replace(bare, clauses=tuple(replace(c, mark="") for c in bare.clauses))
    pack = replace(current_pack(), documents={"kjfz-88": bare})
    monkeypatch.setattr(citations, "current_pack", lambda: pack)
    assert clause_words(bare.clauses[0].id) == bare.title.zh


def test_the_migration_reads_the_marks_of_what_was_brought_before(author):
    migration = import_module("chuangbao.policies.migrations.0012_printed_marks")
    row, broken = brought(author), brought(author, NUMBERED, ref="kjfz-89")
    RegisteredClause.objects.update(mark="")
    type(broken).objects.filter(pk=broken.pk).update(text="")
    migration.read_marks(apps, None)
    assert row.clauses.filter(mark="（三）").exists()
    assert not broken.clauses.exclude(mark="").exists()
