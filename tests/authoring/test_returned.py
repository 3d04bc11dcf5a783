"""What comes back is seen where one writes: the reason, the remarks beside their conditions, and the publication."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.html import strip_tags

import factories
from chuangbao.authoring.domain import documents
from chuangbao.authoring.domain.authored import move_on, publish_text
from chuangbao.authoring.domain.comments import add_comment
from chuangbao.authoring.domain.drafts import return_draft, save_draft, submit_draft, withdraw_draft
from chuangbao.authoring.domain.interpretations import begin_interpretation
from chuangbao.authoring.domain.publish import publish_version
from chuangbao.authoring.domain.returned import returned_by_row, returned_of
from chuangbao.core.models import Notice
from chuangbao.policies.domain.reading import read_text
from measuretext import text_of

pytestmark = pytest.mark.usefixtures("regions", "library")
SEED = "jilin-2015-31"


@pytest.fixture
def at(client):
    return lambda actor: factories.sign_in(client, actor)


@pytest.fixture
def returned(draft, author, reviewer):
    waiting = submit_draft(draft=draft, actor=author)
    return return_draft(version=waiting, reason="第二条须对照原文", actor=reviewer, comments={"staff": "人数应为五十"})


def test_the_reason_and_the_remarks_stand_where_the_drafter_works(at, returned, author):
    client = at(author)
    page = client.get(f"/policies/desk/versions/{returned.pk}/text/").content.decode()
    assert "已退回，请修改" in page
    assert "第二条须对照原文" in page
    card = page[page.index('id="c0"') : page.index('id="c0-zh"')]
    assert "人数应为五十" in card
    version = strip_tags(client.get(f"/policies/desk/versions/{returned.pk}/").content.decode())
    assert "第二条须对照原文" in version
    assert "从业人数不超过10人" in version


def test_the_to_do_says_that_it_came_back_until_it_is_submitted_again(draft, returned, author):
    assert any("已退回，请修改" in str(title) for title in titles_of(author))
    submit_draft(draft=returned, actor=author)
    returned.refresh_from_db()
    assert returned_of(returned) is None
    again = withdraw_draft(version=returned, actor=author)
    assert returned_of(again) is None
    assert any("继续起草" in str(title) for title in titles_of(author))


def titles_of(actor):
    from chuangbao.authoring.desk import waiting

    return [todo.title for todo in waiting(actor)]


def test_a_saved_draft_is_still_one_that_came_back(returned, author):
    row = save_draft(draft=returned, content=text_of(figure=50), revision=returned.revision, actor=author)
    assert returned_of(row).reason == "第二条须对照原文"


def test_drafts_are_looked_up_together(returned, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert set(returned_by_row([returned, returned])) == {returned.pk}
    with django_assert_num_queries(0):
        assert returned_by_row([]) == {}


def test_a_remark_on_a_condition_that_is_gone_says_so(at, returned, author):
    add_comment(row=returned, text="删去", condition="gone", actor=author)
    page = at(author).get(f"/policies/desk/versions/{returned.pk}/").content.decode()
    assert "已删除的条件" in page


def test_everybody_who_wrote_it_is_told_of_the_publication(draft, author, reviewer):
    colleague = factories.officer("policy_editor")
    save_draft(draft=draft, content=text_of(figure=20), revision=1, actor=colleague)
    waiting = submit_draft(draft=draft, actor=colleague)
    publish_version(version=waiting, actor=reviewer)
    told = Notice.objects.filter(event="policies.yours_published")
    assert set(told.values_list("person", flat=True)) == {author.person_id, colleague.person_id}
    assert told[0].data["reviewer"] == reviewer.name


def test_documents_and_explanations_come_back_and_are_published_in_the_same_way(at, author, reviewer):
    text, parsed = read_text("关于软件的通知\n\n一、补贴\n\n对软件给予补贴。\n")
    paper = documents.bring_document(ref="cc-1", text=text, parsed=parsed, actor=author)
    note = begin_interpretation(
        values={"sort": "answer", "document": SEED, "clause": "2.2.4", "title": "问", "body": "答"}, actor=author
    )
    for row, place in ((paper, "documents"), (note, "notes")):
        back = move_on(
            row=move_on(row=row, verb="submit", actor=author), verb="return", reason="请核对文号", actor=reviewer
        )
        page = at(author).get(f"/policies/desk/{place}/{row.pk}/").content.decode()
        assert "已退回，请修改" in page
        assert "请核对文号" in page
        publish_text(row=move_on(row=back, verb="submit", actor=author), valid_from=factories.TERM[0], actor=reviewer)
    assert Notice.objects.filter(event="policies.yours_published", person=author.person_id).count() == 2


@pytest.mark.parametrize(
    ("start", "end", "holds"), [(-9, None, True), (-9, 0, True), (-9, -1, False), (1, None, False)]
)
def test_an_explanation_holds_for_its_days_and_names_the_office(at, author, reviewer, start, end, holds):
    today = timezone.localdate()
    values = {"sort": "answer", "document": SEED, "clause": "2.2.4", "title": "创新券怎么领", "body": "答"}
    row = move_on(row=begin_interpretation(values=values, actor=author), verb="submit", actor=author)
    days = {"valid_from": today + timedelta(start), "valid_to": None if end is None else today + timedelta(end)}
    publish_text(row=row, actor=reviewer, **days)
    page = strip_tags(at(author).get(f"/policies/documents/{SEED}/").content.decode())
    assert ("创新券怎么领" in page) is holds
    assert ("南关区 科技" in page) is holds
