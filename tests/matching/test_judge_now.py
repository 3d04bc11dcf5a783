"""对我的新政策 judges one subject at once, by what is known at that moment, and no more often than twelve times an hour."""

from __future__ import annotations

import pytest
from django.urls import reverse

import factories
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.models import Hit
from chuangbao.facts.domain.stating import state
from chuangbao.facts.domain.subjects import subject_of
from chuangbao.matching.models import Entitlement

pytestmark = pytest.mark.usefixtures("library", "regions")
NOW = "matching:judge_now"


def test_what_is_known_is_judged_at_once_and_nothing_waits_for_the_night(client):
    owner = factories.member()
    own = factories.sign_in(client, owner)
    assert "现在就判定" in own.get(reverse("matching:for_me")).content.decode()
    before = own.post(reverse(NOW)).content.decode()
    assert "小型微利企业所得税优惠" not in before
    subject = subject_of(owner)
    facts = {"is_sole": False, "is_resident_enterprise": True, "restricted_industry": False, "employees_avg": 8}
    for name, value in {**facts, "assets_avg": 900000, "taxable_income": 600000}.items():
        state(subject=subject, name=name, value=value, actor=owner)
    after = own.post(reverse(NOW)).content.decode().partition('id="now"')[2]
    assert "小型微利企业所得税优惠" in after
    assert "120,000" in after
    kept = unscoped(Entitlement, because="a test").filter(subject=subject)
    assert not kept.exists(), "what runs keep stays theirs"


def test_it_is_bounded_and_only_for_whom_it_concerns(client):
    own = factories.sign_in(client, factories.member())
    assert {own.post(reverse(NOW)).status_code for _ in range(12)} == {200}
    refused = own.post(reverse(NOW))
    assert refused.status_code == 429
    assert Hit.objects.filter(key__startswith="judge-now:").count() == 1
    assert factories.sign_in(client, factories.officer()).post(reverse(NOW)).status_code == 403
