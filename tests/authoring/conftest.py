"""Who writes and who reviews, and a draft on their desk."""

from __future__ import annotations

import pytest

import factories
from chuangbao.authoring.domain.drafts import begin_draft
from chuangbao.policies.models import RegisteredMeasure
from measuretext import REF, text_of


@pytest.fixture
def author(regions):
    return factories.officer("policy_editor")


@pytest.fixture
def reviewer(regions):
    return factories.officer("policy_reviewer")


@pytest.fixture
def measure(regions):
    return RegisteredMeasure.objects.create(ref=REF, region_id=factories.COUNTY, department="科技")


@pytest.fixture
def draft(measure, author):
    return begin_draft(measure=measure, content=text_of(), actor=author)
