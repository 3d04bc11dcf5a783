"""What a domain does at its edges, each with the answer that a person gets."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

import factories
from chuangbao.authoring.domain.drafts import submit_draft
from chuangbao.authoring.domain.publish import publish_version
from chuangbao.authoring.domain.skeleton import begin_revision, revisable
from chuangbao.core.engine.current import current_pack
from chuangbao.core.workflow.refusals import Refused
from chuangbao.facts.domain.population import divisions, sections_of
from chuangbao.facts.domain.sensitive import facts_of
from chuangbao.policies.domain.doubts import doubts_of
from chuangbao.policies.domain.load import entries
from chuangbao.policies.domain.texts import LONGEST, dated_text, read_text
from chuangbao.policies.models import MeasureVersion
from chuangbao.policies.models.documents import Stage
from measuretext import REF, text_of

DAY = date(2026, 3, 1)
COUNTY_MEASURE = "2.6.3-small-profit"


def test_a_text_longer_than_may_be_says_how_long_it_is():
    (finding,) = read_text("x" * (LONGEST + 1)).findings
    assert finding.message == f"the text has {LONGEST + 1} characters, more than {LONGEST}"


def test_a_text_that_cannot_be_dated_is_shown_as_it_is():
    row = MeasureVersion(stage=Stage.IN_FORCE, content="no mapping", valid_from=DAY)
    assert dated_text(row) == "no mapping"


def test_a_template_of_measures_is_not_found_by_a_search():
    pack = current_pack()
    name, measure = next(iter(pack.measures.items()))
    copied = replace(pack, measures={name: replace(measure, model=True)}, documents={})
    assert list(entries(copied)) == []
    assert len(list(entries(replace(copied, measures={name: measure})))) == 1


def test_sections_stay_where_the_pack_knows_no_divisions():
    sections, pack = np.array(["A", "I"]), current_pack()
    bare = replace(pack, codes={})
    assert list(divisions(bare, sections)) == ["A", "I"]
    assert sections_of(bare) == {}
    assert list(divisions(pack, np.array(["?"]))) == ["?"]  # a section without a division


def test_rows_that_a_measure_counts_are_no_sensitive_fact():
    pack = current_pack()
    measure = read_text(text_of().replace("employees_avg <= 10", "(SELECT COUNT(*) FROM awards) <= 10")).measure
    assert facts_of(pack, measure) == frozenset()


def test_what_the_analysis_only_notes_is_no_doubt(monkeypatch):
    from chuangbao.policies.domain import doubts
    from chuangbao.rules.analysis import findings

    found = findings(text_of(), current_pack())
    noted = [replace(each, severity="note") for each in found] or None
    monkeypatch.setattr(doubts, "findings", lambda *_words: noted or [])
    before = doubts_of(text_of(), read_text(text_of()).measure)
    assert not any(doubt.code in {each.code for each in found} for doubt in before)


@pytest.mark.django_db
def test_the_button_to_revise_is_for_a_measure_of_the_own_office(draft, author, reviewer):
    publish_version(version=submit_draft(draft=draft, actor=author), valid_from=DAY, actor=reviewer)
    measure = read_text(text_of()).measure
    assert revisable([measure], author) == {REF}
    assert revisable([measure], factories.officer("policy_editor", region=factories.NEIGHBOUR)) == set()


@pytest.mark.django_db
def test_a_measure_of_another_area_is_not_revised(regions):
    measure = current_pack().measures[COUNTY_MEASURE]
    department = measure.departments[0] if measure.departments else "税务"
    county = factories.officer("policy_editor", region=factories.COUNTY, department=department)
    with pytest.raises(Refused) as refused:
        begin_revision(ref=COUNTY_MEASURE, day=DAY, actor=county)
    assert refused.value.code == "outside_area"
