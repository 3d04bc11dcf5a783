"""A published version that was wrong from its first day is corrected in place: by two people, for the same days."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

import factories
from chuangbao.authoring.domain.drafts import begin_draft, save_draft, submit_draft
from chuangbao.authoring.domain.publish import publish_version
from chuangbao.authoring.domain.skeleton import begin_correction
from chuangbao.core.engine.current import current_pack, use_newest_engine
from chuangbao.core.models import History, Notice
from chuangbao.core.workflow.refusals import Refused
from chuangbao.facts.domain.stating import state
from chuangbao.facts.domain.subjects import subject_of_organisation
from chuangbao.matching import queries
from chuangbao.matching.models import Entitlement
from chuangbao.policies.domain.subscribe import subscribe
from chuangbao.policies.models import MeasureVersion
from measuretext import REF, text_of
from runsworld import run

pytestmark = pytest.mark.usefixtures("regions")
DAY, WHY = date(2026, 1, 1), "人数标准抄错：文件写的是5人，不是10人。"


@pytest.fixture
def wrong(draft, author, reviewer):
    """A version that says ten where its document says five."""
    return publish_version(version=submit_draft(draft=draft, actor=author), valid_from=DAY, actor=reviewer)


def to_five(content):
    """The text with five in the place of ten."""
    return content.replace("<= 10", "<= 5").replace("10人", "5人").replace("employees_avg: 10", "employees_avg: 5")


def corrected_text(version, author, **changes):
    """A correction on its way to the reviewer: five in the place of ten."""
    draft = begin_correction(version=version, actor=author)
    content = changes.get("content", to_five(draft.content))
    saved = save_draft(draft=draft, content=content, revision=draft.revision, actor=author)
    return submit_draft(draft=saved, actor=author)


def refused(code, waiting, reviewer, **given):
    """Publishing is refused, and nothing has changed."""
    before = list(MeasureVersion.objects.order_by("pk").values_list("pk", "stage", "content_hash"))
    with pytest.raises(Refused) as raised:
        publish_version(version=waiting, actor=reviewer, **given)
    assert raised.value.code == code
    assert list(MeasureVersion.objects.order_by("pk").values_list("pk", "stage", "content_hash")) == before


def test_the_right_text_takes_the_place_of_the_wrong_one_for_the_same_days(wrong, author, reviewer):
    waiting = corrected_text(wrong, author)
    refused("reason_needed", waiting, reviewer)
    refused("other_days", waiting, reviewer, valid_from=date(2026, 2, 1), reason=WHY)
    refused("other_days", waiting, reviewer, valid_to=date(2026, 12, 31), reason=WHY)
    right = publish_version(version=waiting, actor=reviewer, reason=WHY)
    wrong.refresh_from_db()
    assert (wrong.stage, wrong.valid_from, wrong.valid_to) == ("corrected", DAY, None)
    assert (right.name, right.valid_from, right.valid_to) == ("V1", DAY, None)
    assert History.objects.get(verb="correct", object_id=wrong.pk).reason == WHY
    with use_newest_engine():
        (version,) = current_pack().measures[REF].versions
        assert version.conditions[0].text == "employees_avg <= 5"
    again = corrected_text(right, author, content=right.content.replace("<= 5", "<= 6"))
    assert publish_version(version=again, actor=reviewer, reason="x").name == "V1"


def test_who_wrote_the_correction_does_not_publish_it(wrong):
    both = factories.officer("policy_editor", "policy_reviewer")
    refused("not_permitted", corrected_text(wrong, both), both, reason=WHY)


def test_only_what_is_published_is_corrected(draft, author):
    with pytest.raises(Refused) as raised:
        begin_correction(version=draft, actor=author)
    assert raised.value.code == "not_published"


def test_a_new_version_with_the_name_of_another_is_no_correction(wrong, measure, author, reviewer):
    waiting = submit_draft(draft=begin_draft(measure=measure, content=text_of(), actor=author), actor=author)
    refused("name_taken", waiting, reviewer, valid_from=DAY, reason=WHY)
    refused("name_taken", waiting, reviewer, valid_from=date(2026, 3, 1), reason=WHY)


def test_whoever_was_told_wrong_hears_what_was_wrong_and_the_office_sees_whom(client, wrong, author, reviewer):
    firm = factories.organisation("长春乙科技有限公司")
    owner, subject, follower = factories.member(firm), subject_of_organisation(firm), factories.founder()
    with use_newest_engine():
        subscribe(topic="measure", value=REF, actor=follower)
        state(subject=subject, name="employees_avg", value=8, actor=owner)
    first = run()
    assert Entitlement.objects.filter(subject=subject, measure=REF, gone=None, status="eligible").exists()
    publish_version(version=corrected_text(wrong, author), actor=reviewer, reason=WHY)
    assert Notice.objects.get(person=follower.person_id, event="policies.rule_corrected").data["reason"] == WHY
    second = run()
    (notice,) = Notice.objects.filter(person=owner.person_id, event="policies.corrected.gone.why")
    assert (notice.data["why"], notice.data["since"]) == (WHY, first.day.isoformat())
    factories.sign_in(client, owner)
    assert WHY in client.get(reverse("core:notices")).content.decode()
    office = factories.officer("supervisor")
    assert [row.subject_id for row in queries.corrected(second, office)] == [subject.pk]
    factories.sign_in(client, office)
    page = client.get(f"/policies/runs/{second.pk}/").content.decode()
    assert "长春乙科技有限公司" in page
    assert WHY in page


def test_a_correction_is_begun_and_published_on_the_pages(client, wrong, author, reviewer):
    factories.sign_in(client, author)
    assert "原处更正" in client.get(f"/policies/desk/versions/{wrong.pk}/").content.decode()
    made = client.post(f"/policies/desk/versions/{wrong.pk}/correct/")
    draft = MeasureVersion.objects.get(stage="draft")
    assert made["Location"] == f"/policies/desk/versions/{draft.pk}/text/"
    saved = save_draft(draft=draft, content=to_five(draft.content), revision=draft.revision, actor=author)
    client.post(f"/policies/desk/versions/{draft.pk}/submit/")
    factories.sign_in(client, reviewer)
    page = client.get(f"/policies/desk/versions/{draft.pk}/").content.decode()
    assert "原来错在哪里" in page
    sent = {"publish-valid_from": "2026-01-01", "publish-seen": saved.revision, "publish-reason": ""}
    assert client.post(f"/policies/desk/versions/{draft.pk}/publish/", sent).status_code == 422
    assert (
        client.post(f"/policies/desk/versions/{draft.pk}/publish/", sent | {"publish-reason": WHY}).status_code == 302
    )
    wrong.refresh_from_db()
    assert wrong.stage == "corrected"
    assert client.post(f"/policies/desk/versions/{draft.pk}/correct/").status_code == 403
    assert client.post(f"/policies/desk/versions/{draft.pk}/nothing/").status_code == 404
