"""Versions of a measure: two persons, one version on a day, nothing typed lost, and what is published stays."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

import factories
from chuangbao.authoring.domain.drafts import begin_draft, return_draft, save_draft, submit_draft
from chuangbao.authoring.domain.publish import publish_version, retire_version
from chuangbao.core.access.row_access import visible
from chuangbao.core.audit.log import history_of
from chuangbao.core.workflow.proposals import propose
from chuangbao.core.workflow.refusals import Refused
from chuangbao.policies.models import MeasureVersion
from measuretext import text_of

DAY = date(2026, 1, 1)


@pytest.fixture
def author(regions):
    return factories.officer("policy_editor", "policy_reviewer")


@pytest.fixture
def waiting(measure, author):
    return submit_draft(draft=begin_draft(measure=measure, content=text_of(), actor=author), actor=author)


def refusal(verb, **given):
    with pytest.raises(Refused) as found:
        verb(**given)
    return found.value


def test_a_colleague_publishes_from_a_day_on_and_each_step_is_recorded(waiting, reviewer):
    published = publish_version(version=waiting, valid_from=DAY, actor=reviewer)
    assert (published.stage, published.valid_from, published.reviewer_id) == ("in_force", DAY, reviewer.person_id)
    assert [h.verb for h in history_of(published)] == ["publish", "submit", "begin"]


def test_the_author_publishes_nothing_of_their_own(waiting, author):
    assert refusal(publish_version, version=waiting, valid_from=DAY, actor=author).code == "not_permitted"
    waiting.refresh_from_db()
    assert (waiting.stage, waiting.valid_from) == ("in_review", None)


def test_who_wrote_a_part_publishes_nothing_though_a_colleague_saved_last(measure, author):
    draft = begin_draft(measure=measure, content="a", actor=author)
    colleague = factories.officer("policy_editor")
    waiting = submit_draft(
        draft=save_draft(draft=draft, content=text_of(), revision=1, actor=colleague), actor=colleague
    )
    assert refusal(publish_version, version=waiting, valid_from=DAY, actor=author).code == "not_permitted"


def test_postgresql_too_refuses_a_writer_as_reviewer(waiting, author):
    with pytest.raises(IntegrityError), transaction.atomic():
        MeasureVersion.objects.filter(pk=waiting.pk).update(reviewer=author.person_id)


@pytest.mark.parametrize("other", [{"region": factories.NEIGHBOUR}, {"department": "税务"}])
def test_another_area_or_department_neither_writes_nor_publishes(measure, waiting, other):
    stranger = factories.officer("policy_editor", "policy_reviewer", **other)
    assert refusal(publish_version, version=waiting, valid_from=DAY, actor=stranger).code == "not_permitted"
    with pytest.raises(PermissionDenied):
        begin_draft(measure=measure, content="", actor=stranger)


def test_the_predecessor_ends_the_day_before(measure, author, waiting, reviewer):
    first = publish_version(version=waiting, valid_from=DAY, actor=reviewer)
    second = begin_draft(measure=measure, content=text_of("V2", 20), actor=author, based_on=first)
    submit_draft(draft=second, actor=author)
    publish_version(version=second, valid_from=date(2026, 7, 1), actor=reviewer)
    first.refresh_from_db()
    assert first.valid_to == date(2026, 6, 30)


def test_a_day_that_has_a_version_is_refused_beside_the_field(measure, author, waiting, reviewer):
    publish_version(version=waiting, valid_from=DAY, actor=reviewer)
    second = submit_draft(draft=begin_draft(measure=measure, content=text_of("V2"), actor=author), actor=author)
    found = refusal(publish_version, version=second, valid_from=DAY, actor=reviewer)
    assert (found.code, found.field) == ("overlap", "valid_from")


def propose_end(*, version, day, actor, reason="x"):
    return propose(version, "retire", actor=actor, reason=reason, valid_to=day)


def test_retiring_needs_a_reason_and_a_day_that_is_not_before_the_beginning(waiting, reviewer):
    version = publish_version(version=waiting, valid_from=DAY, actor=reviewer)
    today, given = timezone.localdate(), {"version": version, "actor": reviewer}
    assert refusal(propose_end, **given, day=today, reason="").field == "reason"
    assert refusal(propose_end, **given, day=date(2025, 12, 31)).code == "before_it_began"
    assert refusal(propose_end, **given, day=today - timedelta(1)).code == "in_the_past"
    version.refresh_from_db()
    assert version.stage == "in_force"
    proposal = propose_end(version=version, day=today, actor=factories.colleague_of(reviewer))
    assert retire_version(version=version, proposal=proposal, actor=reviewer).stage == "retired"


def test_a_returned_draft_carries_the_reason_and_a_comment_for_each_condition(waiting, reviewer):
    returned = return_draft(version=waiting, reason="看第二条", actor=reviewer, comments={"small": "应为50"})
    assert returned.stage == "draft"
    assert [(c.condition, c.text) for c in returned.comments.all()] == [("", "看第二条"), ("small", "应为50")]


def test_who_saves_second_is_told_and_overwrites_nothing(measure, author):
    draft = begin_draft(measure=measure, content="a", actor=author)
    save_draft(draft=draft, content="b", revision=1, actor=author)
    assert refusal(save_draft, draft=draft, content="c", revision=1, actor=factories.officer("policy_editor")).code == (
        "conflict"
    )
    draft.refresh_from_db()
    assert (draft.content, draft.revision) == ("b", 2)


@pytest.mark.parametrize("change", ["content = 'x'", "valid_from = '2020-01-01'", "stage = 'draft'"])
def test_postgresql_refuses_to_change_what_was_published(waiting, reviewer, change):
    version = publish_version(version=waiting, valid_from=DAY, actor=reviewer)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE policies_measureversion SET {change} WHERE id = %s", [version.pk])  # noqa: S608
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM policies_measureversion WHERE id = %s", [version.pk])


def test_drafts_are_the_offices_own_and_the_published_is_public(waiting, reviewer, author):
    neighbour = factories.officer("policy_editor", region=factories.NEIGHBOUR)
    seen = [visible(MeasureVersion, to=a).count() for a in (author, reviewer, neighbour, factories.founder())]
    assert seen == [1, 1, 0, 0]
    publish_version(version=waiting, valid_from=DAY, actor=reviewer)
    assert visible(MeasureVersion, to=factories.founder()).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_reviewers_at_once_publish_once(waiting, reviewer):
    actors, codes = [reviewer, factories.officer("policy_reviewer")], []
    together = threading.Barrier(2)

    def publish(actor):
        together.wait()
        try:
            codes.append(publish_version(version=waiting, valid_from=DAY, actor=actor).stage)
        except Refused as refused:
            codes.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=publish, args=(actor,)) for actor in actors]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(codes) == ["in_force", "not_in_in_review"]
    assert [h.verb for h in history_of(waiting)].count("publish") == 1


def test_a_draft_under_review_is_not_written_any_more(waiting, author):
    assert refusal(save_draft, draft=waiting, content="b", revision=1, actor=author).code == "not_in_draft"


def test_a_draft_is_never_written_by_nobody(measure, author):
    from dataclasses import replace

    with pytest.raises(PermissionDenied):
        begin_draft(measure=measure, content="", actor=replace(author, person_id=None))


def test_a_retired_version_holds_until_its_last_day(measure, author, waiting, reviewer):
    first = publish_version(version=waiting, valid_from=DAY, actor=reviewer)
    last = timezone.localdate()
    retire_version(version=first, proposal=factories.proposed(first, "retire", reviewer, valid_to=last), actor=reviewer)
    second = submit_draft(draft=begin_draft(measure=measure, content=text_of("V2", 20), actor=author), actor=author)
    assert refusal(publish_version, version=second, valid_from=last, actor=reviewer).field == "valid_from"
    assert publish_version(version=second, valid_from=last + timedelta(1), actor=reviewer).stage == "in_force"
