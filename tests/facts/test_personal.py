"""What facts hold of a person: shown, exported, erased; and the facts of the demonstration."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

import factories
from chuangbao.core.models import History
from chuangbao.core.privacy import HOLDINGS
from chuangbao.facts.demo import load_demo_facts
from chuangbao.facts.domain.intake import read_upload
from chuangbao.facts.domain.stating import state
from chuangbao.facts.domain.subjects import subject_of
from chuangbao.facts.models import Fact, Intake
from chuangbao.portal.demo import load_demo

pytestmark = pytest.mark.usefixtures("regions")


def test_a_persons_facts_are_exported_opened_and_erased():
    alone, other = factories.founder(), factories.member()
    assert list(HOLDINGS["facts"].export(alone.person_id)) == []
    state(subject=subject_of(alone), name="equity_spread", value=1234567, actor=alone)
    state(subject=subject_of(other), name="expand_hires", value=3, actor=other)
    (row,) = HOLDINGS["facts"].export(alone.person_id)
    assert (row["fact"], row["value"], row["source"]) == ("取得时股权的差价", "1234567", "本人填报")
    assert History.objects.get(verb="read_sensitive").object_id == subject_of(alone).pk
    assert HOLDINGS["facts"].erase(alone.person_id) == 2  # the statement, and that the person is a subject
    assert [f.name for f in Fact.objects.all()] == ["expand_hires"]


def test_a_persons_files_are_exported_and_erased():
    alone = factories.founder()
    read_upload(upload=SimpleUploadedFile("a.csv", "信息项,取值\nexpand_hires,3\n".encode()), actor=alone)
    assert [row["file"] for row in HOLDINGS["fact_files"].export(alone.person_id)] == ["a.csv"]
    assert HOLDINGS["fact_files"].erase(alone.person_id) == 2
    assert not Intake.objects.exists()


def test_the_demonstration_has_facts_of_every_kind_and_makes_them_once():
    assert load_demo_facts() == 0
    load_demo()
    made = load_demo_facts()
    assert made > 900
    assert load_demo_facts() == made
    assert {"stated", "verified", "disputed"} <= set(Fact.objects.values_list("stage", flat=True))
