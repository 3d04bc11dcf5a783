"""The days of a text: publication takes both from the draft, and register row, text, page and engine say the same."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone
from django.utils.html import strip_tags

import factories
from chuangbao.authoring.domain import documents
from chuangbao.authoring.domain.authored import move_on, publish_text
from chuangbao.authoring.domain.drafts import begin_draft, save_draft, submit_draft, withdraw_draft
from chuangbao.authoring.domain.publish import publish_version, retire_version
from chuangbao.authoring.domain.skeleton import begin_revision
from chuangbao.core.engine.current import current_engine, use_newest_engine
from chuangbao.core.workflow.refusals import Refused
from chuangbao.policies.domain.reading import read_text
from chuangbao.policies.models import Entry, Interpretation, MeasureVersion
from chuangbao.policies.standing import standing_kind, standing_words
from measuretext import REF, text_of

pytestmark = pytest.mark.usefixtures("regions", "library")
SEED = "jilin-2015-31"
START, END = date(2026, 12, 1), date(2028, 11, 30)


def text_until(start=START, end=END, name="V1", **more):
    return text_of(name, **more).replace("from: 2026-01-01, to: null", f"from: {start}, to: {end or 'null'}")


def begun(measure, author, **period):
    return submit_draft(draft=begin_draft(measure=measure, content=text_until(**period), actor=author), actor=author)


@pytest.fixture
def waiting(measure, author):
    return begun(measure, author)


@pytest.fixture
def at(client):
    return lambda actor: factories.sign_in(client, actor)


def verdict(day):
    with use_newest_engine():
        engine = current_engine()
        profile = engine.profile({"employees_avg": 5}, as_of=day, region=factories.COUNTY)
        return str(engine.judge(profile, REF).status) if engine.pack.measures[REF].version_at(day) else "no version"


def test_publication_takes_both_days_from_the_draft(waiting, reviewer):
    row = publish_version(version=waiting, actor=reviewer)
    assert (row.valid_from, row.valid_to) == (START, END)
    days = [START - timedelta(1), START, END, END + timedelta(1)]
    assert [verdict(day) for day in days] == ["no version", "eligible", "eligible", "no version"]
    entry = Entry.objects.get(kind="measure", ref=REF)
    assert (entry.valid_from, entry.valid_to) == (START, END)


def test_an_end_that_is_not_spoken_of_is_the_drafts(waiting, reviewer):
    assert publish_version(version=waiting, valid_from=START, actor=reviewer).valid_to == END


@pytest.mark.parametrize(("start", "end"), [(date(2027, 1, 1), END), (START, None), (START, date(2027, 1, 31))])
def test_other_days_that_the_reviewer_confirms_stand_in_the_text_too(waiting, reviewer, start, end):
    row = publish_version(version=waiting, valid_from=start, valid_to=end, actor=reviewer)
    row.refresh_from_db()
    assert (row.valid_from, row.valid_to) == (start, end)
    assert f"from: {start}" in row.content
    assert f"to: {end or 'null'}" in row.content
    assert verdict(start) == "eligible"
    assert verdict(date(2029, 1, 1)) == ("eligible" if end is None else "no version")


def test_a_period_that_ends_before_it_begins_is_refused(waiting, reviewer):
    with pytest.raises(Refused) as found:
        publish_version(version=waiting, valid_from=END, valid_to=START, actor=reviewer)
    assert (found.value.code, found.value.field) == ("end_before_start", "valid_to")
    waiting.refresh_from_db()
    assert (waiting.stage, waiting.valid_from) == ("in_review", None)


def test_the_form_shows_the_drafts_days_and_a_browser_confirms_them(at, waiting, reviewer):
    client = at(reviewer)
    page = client.get(f"/policies/desk/versions/{waiting.pk}/").content.decode()
    assert 'name="publish-valid_from" value="2026-12-01"' in page
    assert 'name="publish-valid_to" value="2028-11-30"' in page
    address = f"/policies/desk/versions/{waiting.pk}/publish/"
    inverted = {"publish-valid_from": "2028-12-01", "publish-valid_to": "2028-11-30"}
    assert client.post(address, inverted).status_code == 422
    sent = {"publish-valid_from": "2026-12-01", "publish-valid_to": "2028-11-30"}
    assert client.post(address, sent).status_code == 302
    for address in (f"/policies/desk/versions/{waiting.pk}/", f"/policies/measures/{REF}/"):
        page = strip_tags(client.get(address).content.decode())
        assert "2026年12月1日至2028年11月30日" in " ".join(page.split())


def test_a_form_without_the_end_keeps_it_and_one_that_empties_it_leaves_it_open(at, measure, author, reviewer):
    first, second = (
        begun(measure, author),
        begun(measure, author, name="V2", start=date(2029, 1, 1), end=date(2029, 12, 31)),
    )
    at(reviewer).post(f"/policies/desk/versions/{first.pk}/publish/", {"publish-valid_from": "2026-12-01"})
    first.refresh_from_db()
    assert (first.stage, first.valid_to) == ("in_force", END)
    emptied = {"publish-valid_from": "2029-01-01", "publish-valid_to": ""}
    at(reviewer).post(f"/policies/desk/versions/{second.pk}/publish/", emptied)
    second.refresh_from_db()
    assert (second.stage, second.valid_to) == ("in_force", None)


def test_an_ended_predecessor_shows_its_last_day_in_the_text(at, measure, author, reviewer):
    first = publish_version(version=begun(measure, author, start=date(2026, 1, 1), end=None), actor=reviewer)
    publish_version(version=begun(measure, author, name="V2", start=date(2026, 7, 1), end=None), actor=reviewer)
    first.refresh_from_db()
    assert first.valid_to == date(2026, 6, 30)
    page = at(reviewer).get(f"/policies/desk/versions/{first.pk}/").content.decode()
    assert "to: 2026-06-30" in page


def test_a_version_with_an_end_fits_before_a_later_one(measure, author, reviewer):
    publish_version(version=begun(measure, author, start=date(2027, 1, 1), end=None), actor=reviewer)
    early = begun(measure, author, name="V0", start=date(2026, 1, 1), end=date(2026, 12, 31))
    assert publish_version(version=early, actor=reviewer).valid_to == date(2026, 12, 31)
    late = begun(measure, author, name="V3", start=date(2026, 6, 1), end=date(2027, 1, 1))
    with pytest.raises(Refused) as found:
        publish_version(version=late, actor=reviewer)
    assert found.value.code == "overlap"


def test_a_draft_without_a_first_day_asks_for_one(measure, author, reviewer):
    waiting = begun(measure, author, start="null", end=None)
    with pytest.raises(Refused) as found:
        publish_version(version=waiting, actor=reviewer)
    assert found.value.field == "valid_from"


def test_a_text_that_lost_its_period_is_not_published(waiting, reviewer):
    MeasureVersion.objects.filter(pk=waiting.pk).update(content="a: 1")
    with pytest.raises(Refused) as found:
        publish_version(version=waiting, valid_from=START, actor=reviewer)
    assert found.value.code == "not_readable"


WORDS = {
    "draft": ("draft", None, None, "起草中"),
    "coming": ("in_force", 1, None, "已发布，自"),
    "in_force": ("in_force", -1, None, "已发布"),
    "ending": ("in_force", -1, 0, "已发布，施行至"),
    "retiring": ("retired", -1, 0, "届时废止"),
    "ended": ("in_force", -9, -1, "已到期"),
    "retired": ("retired", -9, -1, "已废止"),
}


@pytest.mark.parametrize(("kind", "given"), WORDS.items())
def test_how_a_text_stands_is_told_from_how_it_came_to_its_end(kind, given):
    stage, start, end, words = given
    days = [None if n is None else START + timedelta(n) for n in (start, end)]
    assert standing_kind(stage, *days, START) == kind
    if kind != "draft":
        assert words in standing_words(stage, *days, START)


def test_the_public_page_says_what_ended_by_its_day_and_what_was_retired(at, measure, author, reviewer):
    today = timezone.localdate()
    old = begun(measure, author, start=today - timedelta(9), end=today - timedelta(1))
    publish_version(version=old, actor=reviewer)
    client = at(reviewer)
    assert "已到期" in client.get(f"/policies/measures/{REF}/").content.decode()
    second = publish_version(version=begun(measure, author, name="V2", start=today, end=None), actor=reviewer)
    assert "已到期" not in client.get(f"/policies/measures/{REF}/").content.decode()
    proposal = factories.proposed(second, "retire", reviewer, valid_to=today + timedelta(5))
    retire_version(version=second, proposal=proposal, actor=reviewer)
    assert "已废止" not in client.get(f"/policies/measures/{REF}/").content.decode()
    page = client.get(f"/policies/desk/versions/{second.pk}/").content.decode()
    assert "届时废止" in page
    with use_newest_engine():
        draft = begin_revision(ref=REF, day=today, actor=author)
    assert f"from: {today + timedelta(6)}" in draft.content


def test_what_does_not_hold_yet_is_said_so(at, waiting, reviewer):
    publish_version(version=waiting, valid_from=timezone.localdate() + timedelta(30), actor=reviewer)
    assert "尚未施行" in at(reviewer).get(f"/policies/measures/{REF}/").content.decode()


# documents

PAPER = "关于软件的通知\n\n一、补贴\n\n对软件给予补贴。本通知自2026年12月1日起施行，有效期{}。\n"


@pytest.mark.parametrize(
    ("words", "end"),
    [("2年", END), ("两年", END), ("为5年", date(2031, 11, 30)), ("至2027年3月31日", date(2027, 3, 31)), ("待定", None),
     ("至2027年13月31日", None)],
)  # fmt: skip
def test_a_documents_days_are_read_from_it(author, words, end):
    text, parsed = read_text(PAPER.format(words))
    row = documents.bring_document(ref="cc-9", text=text, parsed=parsed, actor=author)
    assert (row.valid_from, row.valid_to) == (START, end)


def test_the_head_of_a_document_refuses_an_end_before_its_start(author):
    text, parsed = read_text(PAPER.format("2年"))
    row = documents.bring_document(ref="cc-9", text=text, parsed=parsed, actor=author)
    with pytest.raises(Refused) as found:
        documents.edit_document(document=row, values={"valid_to": date(2026, 1, 1)}, revision=1, actor=author)
    assert found.value.field == "valid_to"


def test_a_document_is_published_with_the_days_of_its_draft(at, author, reviewer):
    text, parsed = read_text(PAPER.format("2年"))
    row = documents.bring_document(ref="cc-9", text=text, parsed=parsed, actor=author)
    row = move_on(row=row, verb="submit", actor=author)
    page = at(reviewer).get(f"/policies/desk/documents/{row.pk}/").content.decode()
    assert 'name="publish-valid_to" value="2028-11-30"' in page
    row = publish_text(row=row, valid_from=START, valid_to=END, actor=reviewer)
    assert (row.valid_from, row.valid_to) == (START, END)


def test_saving_keeps_the_drafts_own_days(measure, author):
    draft = begin_draft(measure=measure, content=text_of(), actor=author)
    saved = save_draft(draft=draft, content=text_until(), revision=1, actor=author)
    assert f"to: {END}" in saved.content


def seen_on(page):
    """The revision that the form of publication sends with it."""
    return re.search(r'name="publish-seen" value="(\d+)"', page)[1]


def test_a_version_changed_behind_an_open_page_is_not_published_by_it(at, waiting, author, reviewer):
    """The writer takes it back, changes it and hands it on again while the reviewer still reads."""
    page = f"/policies/desk/versions/{waiting.pk}/"
    sent = {"publish-valid_from": "2026-12-01", "publish-seen": seen_on(at(reviewer).get(page).content.decode())}
    draft = withdraw_draft(version=waiting, actor=author)
    changed = save_draft(draft=draft, content=text_until(name="V9"), revision=draft.revision, actor=author)
    submit_draft(draft=changed, actor=author)
    answer = at(reviewer).post(f"{page}publish/", sent)
    assert answer.status_code == 409
    assert "文本已被修改" in answer.content.decode()
    waiting.refresh_from_db()
    assert (waiting.stage, waiting.valid_from) == ("in_review", None)
    again = sent | {"publish-seen": seen_on(answer.content.decode())}
    assert at(reviewer).post(f"{page}publish/", again).status_code == 302


def test_an_explanation_changed_behind_an_open_page_is_not_published_by_it(at, author, reviewer):
    form = {"sort": "answer", "place": SEED, "title": "奖励多少？", "body": "一半。"}
    at(author).post("/policies/desk/notes/new/", form)
    note = Interpretation.objects.get()
    page = f"/policies/desk/notes/{note.pk}/"
    at(author).post(f"{page}submit/")
    sent = {"publish-valid_from": "2026-01-01", "publish-seen": seen_on(at(reviewer).get(page).content.decode())}
    at(author).post(f"{page}withdraw/")
    at(author).post(page, form | {"body": "全部。", "revision": note.revision})
    at(author).post(f"{page}submit/")
    assert at(reviewer).post(f"{page}publish/", sent).status_code == 409
    note.refresh_from_db()
    assert (note.stage, note.body) == ("in_review", "全部。")
