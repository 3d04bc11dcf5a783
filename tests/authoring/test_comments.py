"""Comments at the desk: written on a clause or a condition, answered, settled, shown beside it, told to the other side."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.html import strip_tags

import factories
from chuangbao.authoring.domain import documents
from chuangbao.authoring.domain.authored import move_on, publish_text
from chuangbao.authoring.domain.comments import add_comment, reopen_comment, settle_comment
from chuangbao.authoring.domain.drafts import discard_draft, submit_draft
from chuangbao.authoring.models import ReviewComment
from chuangbao.core.messaging.notifications import body_of, name_people, title_of
from chuangbao.core.models import History, Notice
from chuangbao.core.workflow.refusals import Refused
from chuangbao.policies.domain.reading import read_text
from chuangbao.policies.models import RegisteredClause

pytestmark = pytest.mark.usefixtures("regions", "library")
TEXT = "南关区关于补贴的通知\n各单位：\n一、补贴\n给予补贴5万元。\n二、条件\n须在本县登记。\n南关区人民政府\n2026年3月2日\n"


@pytest.fixture
def at(client):
    return lambda actor: factories.sign_in(client, actor)


@pytest.fixture
def paper(author):
    text, parsed = read_text(TEXT)
    return documents.bring_document(ref="cc-1", text=text, parsed=parsed, actor=author)


@pytest.fixture
def clause(paper):
    return paper.clauses.first()


def address(paper):
    return f"/policies/desk/documents/{paper.pk}/"


def notices(actor, event):
    return list(Notice.objects.filter(person=actor.person_id, event=event))


def plain(page):
    return " ".join(strip_tags(page.content.decode()).split())


def test_a_clause_is_commented_answered_and_settled_in_the_page(at, paper, clause, author, reviewer):
    page = address(paper)
    move_on(row=paper, verb="submit", actor=author)
    html = at(reviewer).get(page, {"about": clause.pk}).content.decode()
    assert f'href="?about={clause.pk}#say"' in html
    assert f'<option value="{clause.pk}" selected>' in html
    sent = at(reviewer).post(f"{page}comment/", {"comment-clause": clause.pk, "comment-text": "补贴上限对吗？"})
    said = ReviewComment.objects.get()
    assert sent.url == f"{page}#r-{said.pk}"
    (notice,) = notices(author, "policies.commented")
    assert notice.url == sent.url
    assert not notices(reviewer, "policies.commented")
    html = at(author).get(page).content.decode()
    assert html.index(f'id="c-{clause.pk}"') < html.index("补贴上限对吗") < html.index('id="say"')
    assert "1 条待处理" in html
    answer = {"comment-text": "对，见原文第二页", "comment-answers": said.pk}
    assert at(author).post(f"{page}comment/", answer).url == f"{page}#r-{said.pk}"
    assert [n.data["text"] for n in notices(reviewer, "policies.commented")] == ["对，见原文第二页"]
    assert ReviewComment.objects.get(answers=said).clause == clause
    html = at(reviewer).get(page).content.decode()
    assert html.index("补贴上限对吗") < html.index("见原文第二页")
    assert at(reviewer).post(f"/policies/desk/comments/{said.pk}/").url == f"{page}#r-{said.pk}"
    assert len(notices(author, "policies.settled")) == 1
    shown = plain(at(author).get(page))
    assert f"{reviewer.name} 已处理" in shown
    assert "条待处理" not in shown
    assert at(author).post(f"/policies/desk/comments/{said.pk}/", {"do": "reopen"}).status_code == 302
    said.refresh_from_db()
    assert (said.settled_at, said.settled_by) == (None, None)
    verbs = set(History.objects.filter(kind="policies.registereddocument").values_list("verb", flat=True))
    assert {"comment", "settle_comment", "reopen_comment"} <= verbs


def test_the_notice_says_who_writes_what_in_the_readers_language(paper, clause, author, reviewer):
    add_comment(row=paper, clause=clause, text="x" * 300, actor=reviewer)
    (notice,) = notices(author, "policies.commented")
    name_people([notice])
    assert (title_of(notice), body_of(notice)) == (f"新意见：{paper.title}", f"{reviewer.name}写道：{'x' * 199}…")


def test_where_the_drafter_corrects_a_clause_its_threads_can_be_answered(at, paper, clause, author, reviewer):
    said = add_comment(row=paper, clause=clause, text="补贴上限对吗？", actor=reviewer)
    add_comment(row=paper, clause=paper.clauses.last(), text="这是另一条", actor=reviewer)
    page = f"/policies/desk/clauses/{clause.pk}/"
    shown = plain(at(author).get(page))
    assert "补贴上限对吗" in shown
    assert "这是另一条" not in shown
    answer = {"comment-text": "改好了", "comment-answers": said.pk, "at": "clause"}
    assert at(author).post(f"{address(paper)}comment/", answer).url == f"{page}#r-{said.pk}"
    settled = at(author).post(f"/policies/desk/comments/{said.pk}/", {"at": "clause"})
    assert settled.url == f"{page}#r-{said.pk}"


def test_beside_a_condition_in_the_version_and_where_it_is_written(at, draft, author, reviewer):
    page = f"/policies/desk/versions/{draft.pk}/"
    sent = at(reviewer).post(f"{page}comment/", {"comment-condition": "staff", "comment-text": "人数应为五十"})
    said = ReviewComment.objects.get()
    assert sent.url == f"{page}#r-{said.pk}"
    at(author).post(f"{page}comment/", {"comment-text": "已核对原文", "comment-answers": said.pk})
    html = at(author).get(page).content.decode()
    assert html.index('id="says"') < html.index("人数应为五十") < html.index("已核对原文") < html.index('id="said"')
    html = at(author).get(f"{page}text/").content.decode()
    card = html[html.index('id="c0"') : html.index('id="c0-zh"')]
    assert "人数应为五十" in card
    assert "已核对原文" in card
    assert f'href="{page}#r-{said.pk}"' in card
    settle_comment(comment=said, actor=author)
    html = at(author).get(f"{page}text/").content.decode()
    assert "人数应为五十" not in html
    assert "人数应为五十" in at(author).get(page).content.decode()


def test_an_answer_without_words_keeps_its_thread_open(at, paper, clause, reviewer):
    said = add_comment(row=paper, clause=clause, text="补贴上限对吗？", actor=reviewer)
    page = at(reviewer).post(f"{address(paper)}comment/", {"comment-text": " ", "comment-answers": said.pk})
    assert page.status_code == 422
    html = page.content.decode()
    assert "<details open>" in html[html.index(f'id="r-{said.pk}"') :]
    assert ReviewComment.objects.count() == 1
    odd = {"comment-text": "x", "comment-answers": "9" * 30}
    assert at(reviewer).post(f"{address(paper)}comment/", odd).status_code == 422


def test_what_is_merged_keeps_its_comments_and_what_is_removed_says_where_it_was(at, paper, author, reviewer):
    first, second = paper.clauses.all()[:2]
    merged = add_comment(row=paper, clause=second, text="并入上一条", actor=reviewer)
    documents.merge_clause(clause=second, revision=paper.revision, actor=author)
    merged.refresh_from_db()
    assert merged.clause == first
    paper.refresh_from_db()
    documents.remove_clause(clause=first, revision=paper.revision, actor=author)
    merged.refresh_from_db()
    assert merged.clause is None
    shown = plain(at(author).get(address(paper)))
    assert f"{merged.place}（已删除）" in shown


def test_a_writer_who_asks_first_is_heard_by_those_who_review(paper, clause, author, reviewer):
    add_comment(row=paper, clause=clause, text="先问一句", actor=author)
    assert not notices(reviewer, "policies.commented")  # nobody reviews it yet
    waiting = move_on(row=paper, verb="submit", actor=author)
    add_comment(row=waiting, clause=clause, text="请看这一条", actor=author)
    assert [n.data["text"] for n in notices(reviewer, "policies.commented")] == ["请看这一条"]


def test_who_has_left_the_desk_is_told_nothing_more(paper, clause, author, reviewer):
    add_comment(row=paper, clause=clause, text="请核对", actor=reviewer)
    said = ReviewComment.objects.get()
    factories.Person.objects.get(pk=reviewer.person_id).posts.all().update(term=("2020-01-01", "2021-01-01"))
    add_comment(row=paper, text="好", answers=said.pk, actor=author)
    settle_comment(comment=said, actor=author)
    assert not Notice.objects.filter(person=reviewer.person_id, event__in=["policies.commented", "policies.settled"])


def strangers():
    return [
        factories.officer("policy_editor", region=factories.NEIGHBOUR),
        factories.officer("policy_reviewer", department="人社"),
        factories.officer("register"),
        factories.founder(),
    ]


def test_nobody_else_reads_writes_or_settles(at, paper, clause, author, reviewer):
    said = add_comment(row=paper, clause=clause, text="内部意见", actor=reviewer)
    for actor in strangers():
        assert at(actor).get(address(paper)).status_code in {403, 404}
        sent = at(actor).post(f"{address(paper)}comment/", {"comment-text": "x"})
        assert sent.status_code in {403, 404}
        assert at(actor).post(f"/policies/desk/comments/{said.pk}/").status_code in {403, 404}
        assert at(actor).get(f"/policies/desk/comments/{said.pk}/").status_code in {403, 404}
        for verb, given in (
            (add_comment, {"row": paper, "text": "x"}), (settle_comment, {"comment": said}),
            (reopen_comment, {"comment": said}),
        ):  # fmt: skip
            with pytest.raises(PermissionDenied), transaction.atomic():
                verb(actor=actor, **given)
    said.refresh_from_db()
    assert (ReviewComment.objects.count(), said.settled_at) == (1, None)


def test_what_was_said_within_stays_within_once_it_is_published(at, paper, clause, author, reviewer):
    add_comment(row=paper, clause=clause, text="内部意见", actor=reviewer)
    waiting = move_on(row=paper, verb="submit", actor=author)
    publish_text(row=waiting, valid_from=date(2026, 4, 1), valid_to=None, actor=reviewer)
    page = at(strangers()[0]).get(address(paper))
    assert page.status_code == 200
    assert "内部意见" not in page.content.decode()
    assert 'id="say"' not in page.content.decode()
    assert "内部意见" in at(author).get(address(paper)).content.decode()


def test_an_answer_and_a_clause_belong_to_the_text_at_hand(paper, clause, draft, author, reviewer):
    elsewhere = add_comment(row=draft, text="x", actor=reviewer)
    said = add_comment(row=paper, text="y", actor=reviewer)
    reply = add_comment(row=paper, text="z", answers=said.pk, actor=author)
    text, parsed = read_text(TEXT)
    other = documents.bring_document(ref="cc-2", text=text, parsed=parsed, actor=author)
    for given, code in (
        ({"answers": elsewhere.pk}, "no_comment"),
        ({"answers": reply.pk}, "no_comment"),
        ({"clause": other.clauses.first()}, "no_clause"),
        ({"text": "  "}, "text_needed"),
    ):
        with pytest.raises(Refused) as refused:
            add_comment(**{"row": paper, "text": "x", "actor": author, **given})
        assert refused.value.code == code
    with pytest.raises(Refused) as refused:
        add_comment(row=draft, text="x", clause=clause, actor=author)
    assert refused.value.code == "no_clause"
    discarded = discard_draft(version=draft, reason="不做了", actor=author)
    with pytest.raises(Refused) as refused:
        add_comment(row=discarded, text="x", actor=author)
    assert refused.value.code == "discarded"


def test_settling_twice_tells_once_and_a_reply_leads_to_its_thread(paper, author, reviewer):
    said = add_comment(row=paper, text="y", actor=reviewer)
    reply = add_comment(row=paper, text="z", answers=said.pk, actor=author)
    assert settle_comment(comment=reply, actor=author).pk == said.pk
    settle_comment(comment=said, actor=author)
    assert len(notices(reviewer, "policies.settled")) == 1
    reopen_comment(comment=said, actor=author)
    reopen_comment(comment=said, actor=author)
    assert History.objects.filter(verb="reopen_comment").count() == 1


def test_the_database_holds_a_comment_to_one_text(paper, draft, author):
    for given in ({}, {"version": draft, "document": paper}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReviewComment.objects.create(text="x", author_id=author.person_id, **given)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewComment.objects.create(
            text="x", author_id=author.person_id, document=paper, settled_by_id=author.person_id
        )


def test_the_page_asks_for_all_threads_at_once(at, paper, author, reviewer, django_assert_num_queries):
    client = at(author)
    client.get(address(paper))
    with django_assert_num_queries(13):
        client.get(address(paper))
    for clause in RegisteredClause.objects.filter(document=paper):
        said = add_comment(row=paper, clause=clause, text="x", actor=reviewer)
        add_comment(row=paper, text="y", answers=said.pk, actor=author)
    with django_assert_num_queries(13):
        client.get(address(paper))


def test_a_version_in_review_is_commented_as_well(draft, author, reviewer):
    waiting = submit_draft(draft=draft, actor=author)
    add_comment(row=waiting, condition="staff", text="看起来可以", actor=reviewer)
    assert len(notices(author, "policies.commented")) == 1
