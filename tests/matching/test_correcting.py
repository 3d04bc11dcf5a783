"""Whoever was told what a corrected version no longer says hears what was wrong, since when, and what holds now."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.urls import reverse
from django.utils import timezone

import factories
from chuangbao.core.engine.current import current_pack
from chuangbao.core.models import Notice
from chuangbao.matching import queries
from chuangbao.matching.domain.correcting import correct, corrected_versions
from chuangbao.matching.models import Entitlement, Offer, PopulationRun
from chuangbao.policies.domain.overlay import Register
from runsworld import LARGE, MEASURE, SMALL, firm, run, tell

pytestmark = pytest.mark.usefixtures("regions")


@pytest.fixture
def rewritten(monkeypatch):
    """Puts another text of the measure's versions in the place of the one in the files."""

    def rewrite(**more):
        kept = Register.over

        def over(self, pack, stamp):
            found = kept(self, pack, stamp)
            held = found.measures[MEASURE]
            versions = tuple(
                replace(v, hash=f"corrected {v.hash}", **{k: make(v) for k, make in more.items()})
                for v in held.versions
            )
            return replace(found, measures=found.measures | {MEASURE: replace(held, versions=versions)}, digest="other")

        monkeypatch.setattr(Register, "over", over)
        monkeypatch.setattr(Register, "stamp", lambda _: f"stamp {sorted(more)}")

    return rewrite


def with_owner(facts):
    """A firm with somebody to tell."""
    subject = firm(facts)
    owner = factories.member(subject.organisation)
    return subject, owner.person_id


def titles(person, event="policies.corrected"):
    """What somebody was told of corrections."""
    return [n for n in Notice.objects.filter(person=person).order_by("pk") if n.event.startswith(event)]


def half(version):
    """A formula that gives half of what it gave."""
    return replace(version.benefit, text=f"({version.benefit.text}) * 0.5")


def test_another_amount_is_told_with_both_sums(rewritten):
    subject, person = with_owner(SMALL)
    first = run()
    row = Entitlement.objects.get(subject=subject, measure=MEASURE, gone=None)
    assert corrected_versions(first) == []
    rewritten(benefit=half)
    second = run()
    assert row.version in corrected_versions(second)
    (notice,) = titles(person)
    assert notice.event == "policies.corrected.amount"
    assert notice.data["title"] == current_pack().measures[MEASURE].title.zh
    assert (notice.data["since"], notice.data["day"]) == (first.day.isoformat(), second.day.isoformat())
    assert notice.data["before"] != notice.data["now"]
    row.refresh_from_db()
    assert (row.corrected, row.gone) == (True, second)
    assert correct(run=second) == 0


def test_a_right_that_was_none_is_told(rewritten):
    subject, person = with_owner(SMALL)
    run()
    rewritten(conditions=lambda v: (replace(v.conditions[0], text="employees_avg < 0"),))
    second = run()
    (notice,) = titles(person)
    assert notice.event == "policies.corrected.gone"
    assert not Entitlement.objects.filter(subject=subject, measure=MEASURE, gone=None, status="eligible").exists()
    seen = queries.corrected(second, factories.officer("supervisor"))
    assert [(one.subject_id, one.measure) for one in seen] == [(subject.pk, MEASURE)]


def test_what_was_not_told_or_rests_on_other_facts_is_no_correction(rewritten):
    subject, person = with_owner(SMALL)
    untold, quiet = with_owner(SMALL)
    run()
    Offer.objects.filter(subject=untold).update(told_at=None)
    tell(subject, {"employees_avg": 17}, days=1)
    rewritten(benefit=half)
    second = run()
    assert titles(person) == titles(quiet) == []
    assert not Entitlement.objects.filter(gone=second, corrected=True).exists()


def test_nobody_to_tell_is_marked_all_the_same(rewritten):
    subject, person = with_owner(SMALL)
    run()
    subject.organisation.memberships.update(ended_at=timezone.now())
    rewritten(benefit=half)
    second = run()
    assert titles(person) == []
    assert Entitlement.objects.filter(gone=second, corrected=True).count() >= 1


def test_a_text_that_stays_corrects_nothing():
    _subject, person = with_owner(LARGE)
    run()
    second = run()
    assert corrected_versions(second) == []
    assert titles(person) == []
    assert PopulationRun.objects.get(pk=second.pk).rules


def test_the_office_sees_how_many_and_whom(client, rewritten):
    subject, _person = with_owner(SMALL)
    run()
    rewritten(benefit=half)
    second = run()
    client.cookies["django_language"] = "en"
    factories.sign_in(client, factories.officer("supervisor"))
    page = client.get(reverse("matching:run", args=[second.pk])).content.decode()
    assert "1 answer was wrong and is corrected" in page
    assert reverse("matching:explanation", args=[subject.pk, MEASURE]) in page
    factories.sign_in(client, factories.officer("policy_editor"))
    assert "was wrong and is corrected" not in client.get(reverse("matching:run", args=[second.pk])).content.decode()
