"""A founder whose stored facts a new version touches is told, and one without facts is not looked at."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

import factories
from chuangbao.authoring.domain.drafts import begin_draft, submit_draft
from chuangbao.authoring.domain.known import known_people
from chuangbao.authoring.domain.publish import publish_version
from chuangbao.core.jobs.jobs import carry_out
from chuangbao.core.models import Job, Notice
from chuangbao.facts.domain.stating import state
from chuangbao.facts.domain.subjects import subject_of
from chuangbao.policies.models import RegisteredMeasure
from measuretext import REF, text_of

pytestmark = pytest.mark.usefixtures("regions")
DAY = date(2026, 12, 1)


@pytest.fixture
def owner():
    found = factories.member(factories.organisation("长春甲科技有限公司"))
    state(subject=subject_of(found), name="is_hnte", value=True, actor=found)
    factories.member(factories.organisation("没有填写的公司"))
    return found


def test_facts_lead_to_the_people_of_an_organisation_and_to_a_person_alone(owner):
    assert [(w.person, dict(w.facts)) for w in known_people("enterprise", timezone.localdate())] == [
        (owner.person_id, {"is_hnte": True})
    ]
    founder = factories.founder()
    state(subject=subject_of(founder), name="months_in_business", value=3, actor=founder)
    assert [w.person for w in known_people("person", timezone.localdate())] == [founder.person_id]


def test_the_founder_is_told_that_a_new_version_is_theirs(owner):
    author, reviewer = factories.officer("policy_editor"), factories.officer("policy_reviewer")
    measure = RegisteredMeasure.objects.create(ref=REF, region_id=factories.COUNTY, department="科技")
    text = text_of().replace("employees_avg <= 10", "is_hnte").replace("{employees_avg: 10}", "{is_hnte: true}")
    draft = submit_draft(draft=begin_draft(measure=measure, content=text, actor=author), actor=author)
    publish_version(version=draft, valid_from=DAY, actor=reviewer)
    carry_out(Job.objects.get().pk)
    assert [n.event for n in Notice.objects.filter(person=owner.person_id)] == ["policies.eligible.apply"]
