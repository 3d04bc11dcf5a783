"""A run judges everybody as the interactive engine does, compares with the run before, and tells each once."""

from __future__ import annotations

import random
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils import timezone

import factories
import runsworld
from chuangbao.core.access.actors import SYSTEM
from chuangbao.core.engine.current import current_engine, current_pack
from chuangbao.core.jobs import jobs
from chuangbao.core.models import History, Job, Notice, NoticePreference
from chuangbao.core.workflow.refusals import Refused
from chuangbao.facts.demo_population import load_demo_population
from chuangbao.facts.domain.granted import profile_of
from chuangbao.facts.domain.population import population
from chuangbao.facts.domain.stating import state
from chuangbao.facts.domain.subjects import open_to, subject_of
from chuangbao.facts.models import Fact, Subject
from chuangbao.matching import queries
from chuangbao.matching.domain import working
from chuangbao.matching.domain.offering import decline, offer, people_of, reconsider, tell_subject
from chuangbao.matching.domain.starting import nightly, start_run
from chuangbao.matching.models import Entitlement, Offer, PopulationRun, Reason, RunFound, RunPart, RunTotal, RunWorth
from chuangbao.matching.tasks import run_of_the_night
from chuangbao.rules.batch.schema import Problem, SnapshotError
from runsworld import LARGE, MEASURE, OPEN, SMALL, firm, run, tell

pytestmark = pytest.mark.usefixtures("regions")
NOW = {"gone": None}


def expected(day):
    """What the interactive engine says of everybody, sealed facts opened: verdicts by county, and who is found."""
    figures, found = Counter(), {}
    for subject in Subject.objects.order_by("pk"):
        profile = profile_of(subject, day=day, actor=SYSTEM, why="test")
        for answer in current_engine().judge_all(profile):
            status = "near" if answer.near else str(answer.status)
            figures[answer.version, subject.region_id, status] += 1
            if status in {"eligible", "near"}:
                amount = answer.amount if status == "eligible" else None
                found[subject.pk, answer.measure] = (answer.version, status, amount)
    return figures, found


def kept():
    """What the run keeps of it."""
    figures = Counter()
    for row in RunTotal.objects.filter(run=PopulationRun.objects.first()):
        for name, status in (
            ("eligible", "eligible"),
            ("near", "near"),
            ("undetermined", "undetermined"),
            ("refused", "not_eligible"),
        ):
            figures[row.version, row.region, status] += getattr(row, name)
    found = {
        (row.subject_id, row.measure): (row.version, row.status, None if row.cents is None else row.cents.scaleb(-2))
        for row in Entitlement.objects.filter(**NOW)
    }
    return +figures, found


def test_everybody_is_judged_as_by_oneself(monkeypatch):
    monkeypatch.setattr(working, "PART", 7)
    load_demo_population(subjects=25)
    founder = factories.founder()
    person = subject_of(founder)
    state(subject=person, name="person_group", value=["登记失业半年"], actor=founder)
    state(subject=person, name="was_employed", value=False, actor=founder)
    opened = factories.founder()
    open_to(subject=subject_of(opened), place=factories.organisation(region=factories.NEIGHBOUR).region, actor=opened)
    tell(subject_of(opened), {"person_group": ["脱贫人口"]})
    firm(LARGE, region=factories.NEIGHBOUR)
    made = run()
    assert kept() == expected(made.day)
    assert made.subjects == Subject.objects.count() == 28
    assert made.facts == Fact.objects.count()
    assert made.sealed == 3
    record = History.objects.get(verb="read_sensitive", reason="population run")
    assert record.data == {"facts": ["person_group", "was_employed"]}
    assert (RunFound.objects.count(), RunPart.objects.count()) == (0, 0)
    assert not (Path(settings.DATA_DIR) / "runs" / str(made.pk)).exists()
    assert made.versions
    for line in queries.by_measure(made, factories.officer("supervisor", region=factories.PROVINCE)):
        sums = [r.cents for r in Entitlement.objects.filter(measure=line.key, status="eligible").exclude(region="")]
        assert line.amount == sum((c for c in sums if c is not None), Decimal(0)).scaleb(-2)


def test_a_run_leaves_its_facts_to_simulations_in_the_place_of_the_last(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    (tmp_path / "snapshots").mkdir()
    theirs = tmp_path / "snapshots" / "operator.parquet"
    theirs.write_bytes(b"")
    subject = firm(SMALL)
    owner = factories.founder()
    state(subject=subject_of(owner), name="was_employed", value=True, actor=owner)  # sensitive
    assert population(current_pack(), timezone.localdate()).path == theirs
    first, second = run(), run()
    found = population(current_pack(), timezone.localdate())
    assert (found.sample, found.size, found.digest) == (False, 2, second.snapshot)
    assert found.day == timezone.localdate().isoformat()
    rows = found.scan.collect()
    assert rows.filter(subject=subject.pk)["employees_avg"].item() == SMALL["employees_avg"]
    assert "was_employed" not in rows.columns
    left = {path.name for path in (tmp_path / "snapshots").iterdir()}
    assert left == {"operator.parquet", f"run-{timezone.localdate():%Y%m%d}-{second.pk}.parquet"}
    assert first.snapshot == second.snapshot


def test_the_next_run_says_what_changed():
    small, large, opened = firm(SMALL), firm(LARGE), firm(OPEN, region=factories.NEIGHBOUR)
    first = run()
    of_measure = Entitlement.objects.filter(measure=MEASURE, **NOW)
    assert dict(of_measure.values_list("subject", "status")) == {small.pk: "eligible", large.pk: "near"}
    assert first.gained == Entitlement.objects.filter(status="eligible").count()
    again = run()
    assert (again.gained, again.lost, again.altered) == (0, 0, 0)
    tell(small, {"employees_avg": 400}, days=1)
    tell(large, {"employees_avg": 20, "taxable_income": 100}, days=1)
    tell(opened, {"employees_avg": 20}, days=1)
    third = run()
    assert dict(of_measure.values_list("subject", "status")) == {
        small.pk: "near", large.pk: "eligible", opened.pk: "eligible",
    }  # fmt: skip
    totals = RunTotal.objects.filter(run=third, measure=MEASURE)
    assert {(t.region, t.gained, t.lost) for t in totals} == {(factories.COUNTY, 1, 1), (factories.NEIGHBOUR, 1, 0)}
    assert Entitlement.objects.get(subject=small, measure=MEASURE, gone=third).since == first
    tell(large, {"taxable_income": 200}, days=0)
    fourth = run()
    assert (fourth.lost, Entitlement.objects.get(subject=large, measure=MEASURE, **NOW).since) == (0, fourth)
    assert fourth.altered >= 1


def test_what_is_no_longer_in_force_is_told_as_lost(monkeypatch):
    firm(SMALL)
    run()
    from dataclasses import replace

    from chuangbao.rules import Engine

    pack = current_pack()
    rest = Engine(replace(pack, measures={k: m for k, m in pack.measures.items() if k != MEASURE}, digest="0" * 64))
    monkeypatch.setattr(working, "current_engine", lambda: rest)
    second = run()
    row = RunTotal.objects.get(run=second, measure=MEASURE)
    assert (row.version, row.lost, row.eligible) == ("", 1, 0)
    assert MEASURE in {line.key for line in queries.by_measure(second, factories.officer("supervisor"))}


def test_a_missing_fact_has_a_worth():
    firm(OPEN)
    firm(OPEN | {"taxable_income": 1000}, region=factories.NEIGHBOUR)
    made = run()
    here = factories.officer("supervisor")
    found = {one.fact: one for one in queries.worth(made, here)}
    one = found["employees_avg"]
    assert (one.subjects, one.alone >= 1) == (1, True)
    waiting = [
        a
        for a in current_engine().judge_all(profile_of(Subject.objects.first(), day=made.day, actor=SYSTEM))
        if a.status == "undetermined" and "employees_avg" in a.missing and a.measure == MEASURE
    ]
    assert waiting
    assert waiting[0].missing == ("employees_avg",)
    assert one.amount >= waiting[0].amount
    both = queries.worth(made, factories.officer("supervisor", region=factories.PROVINCE))
    assert {w.fact: w.subjects for w in both}["employees_avg"] == 2
    assert queries.worth(made, factories.officer("supervisor", region=factories.PROVINCE), factories.NEIGHBOUR)
    assert RunWorth.objects.filter(fact="employees_avg", cents__gt=0).count() == 2


def test_nobody_is_told_twice(monkeypatch):
    owner, clerk = factories.member(), None
    where = subject_of(owner)
    tell(where, SMALL)
    clerk = factories.as_member(factories.membership(where=where.organisation, role="clerk"))
    ended = factories.membership(where=where.organisation)
    ended.ended_at = timezone.now()
    ended.save()
    NoticePreference.objects.create(person_id=clerk.person_id, group="policies", channel="digest")
    first = run()
    assert first.told == 1
    told = Notice.objects.filter(event__startswith="policies.found")
    assert dict(told.values_list("person", "in_digest")) == {owner.person_id: False, clerk.person_id: True}
    measures = set(Entitlement.objects.filter(subject=where, status="eligible").values_list("measure", flat=True))
    assert set(Offer.objects.values_list("measure", flat=True)) == measures
    assert told.first().event == "policies.found_more"
    assert run().told == 0
    Offer.objects.filter(measure=MEASURE).update(told_at=None)  # as if one measure were new
    second = run()
    assert (second.told, told.filter(event="policies.found").count()) == (1, 2)
    tell(where, {"employees_avg": 400}, days=1)
    run()
    tell(where, {"employees_avg": 20}, days=0)
    assert run().told == 0
    assert offer(run=second) == 0


def test_not_for_us_and_why():
    owner = factories.member()
    where = subject_of(owner)
    tell(where, SMALL)
    said = decline(subject=where, measure=MEASURE, reason=Reason.TOO_HARD, actor=owner)
    with pytest.raises(PermissionDenied):
        decline(subject=where, measure=MEASURE, reason=Reason.LATER, actor=factories.member())
    run()
    said.refresh_from_db()
    assert said.told_at is None
    assert Offer.objects.exclude(pk=said.pk).filter(told_at=None).count() == 0
    there = factories.officer("supervisor", region=factories.CITY)
    assert queries.declined_by_reason(there) == [(Reason.TOO_HARD.label, 1)]
    assert queries.declined_by_reason(there, "another") == []
    with pytest.raises(PermissionDenied):
        reconsider(offer=said, actor=factories.member())
    reconsider(offer=said, actor=owner)
    run()
    said.refresh_from_db()
    assert said.told_at is not None
    assert History.objects.filter(verb__startswith="entitlement.").count() == 2


def test_where_nobody_belongs_any_more_nobody_is_told():
    subject, made = firm(SMALL), run()
    assert tell_subject(subject.pk, [MEASURE], made) == 0
    founder = factories.founder()
    assert people_of(subject_of(founder)) == [founder.person_id]
    Entitlement.objects.create(subject=subject_of(founder), measure="gone", version="1", status="eligible", since=made)
    assert offer(run=made) == 0


def test_one_at_a_time_and_not_by_anybody(django_capture_on_commit_callbacks):
    with pytest.raises(PermissionDenied):
        start_run(actor=factories.officer("register"))
    made = start_run(actor=factories.officer("policy_editor"))
    with pytest.raises(Refused, match="running"):
        raise_code(lambda: start_run(actor=factories.officer("policy_reviewer")))
    assert nightly() is None
    assert run_of_the_night.func() == 0
    RunPart.objects.create(run=made, number=0, subjects=0, pairs=0, rejudged=0, seconds=0, totals=[], worth=[])
    jobs.cancel(job=made.job, actor=factories.as_self(made.job.person))
    assert run_of_the_night.func() == PopulationRun.objects.first().pk
    assert PopulationRun.objects.first().person is None
    assert not RunPart.objects.exists()


def raise_code(verb):
    try:
        verb()
    except Refused as refused:
        raise Refused(refused.code, refused.code) from refused


def test_a_run_can_be_stopped_between_its_parts(monkeypatch):
    monkeypatch.setattr(working, "PART", 2)
    for _ in range(5):
        firm(SMALL)
    made = start_run(actor=factories.officer("supervisor"))
    real = working.keep_part

    def stopping(row, number, *rest):
        real(row, number, *rest)
        Job.objects.filter(pk=made.job_id).update(cancel_wanted=number == 1)

    monkeypatch.setattr(working, "keep_part", stopping)
    jobs.carry_out(made.job_id)
    made.job.refresh_from_db()
    assert (made.job.stage, made.job.done, made.job.total) == ("cancelled", 4, 5)
    assert not Entitlement.objects.exists()
    monkeypatch.setattr(working, "keep_part", real)
    run()
    assert kept() == expected(timezone.localdate())


def test_a_broken_run_goes_on_at_its_part_unless_the_question_changed(monkeypatch):
    monkeypatch.setattr(working, "PART", 2)
    dice = random.Random(3)  # noqa: S311 - the same cases every time
    for _ in range(7):
        firm(SMALL | {"employees_avg": dice.randint(1, 600)})
    made = start_run(actor=factories.officer("supervisor"))
    real, seen = working.judge_part, []

    class Power(BaseException):
        """As if the machine went away: nobody catches it."""

    def failing(judge, frame):
        seen.append(frame["subject"].to_list())
        if len(seen) == 3:
            raise Power
        return real(judge, frame)

    monkeypatch.setattr(working, "judge_part", failing)
    with pytest.raises(Power):
        jobs.carry_out(made.job_id)
    assert RunPart.objects.count() == 2
    jobs.carry_out(made.job_id)
    assert (len(seen), seen[3]) == (5, seen[2])
    assert kept() == expected(made.day)
    made.refresh_from_db()
    assert made.subjects == 7
    jobs.WORKS["policies.run"](jobs.Work(made.job), run=made.pk)  # once more: nothing happens twice
    assert PopulationRun.objects.get(pk=made.pk).told == made.told
    row = PopulationRun.objects.create(day=made.day, pack=current_pack().digest, snapshot="of other facts")
    folder = Path(settings.DATA_DIR) / "runs" / str(row.pk)
    assert not working.same(row, current_engine(), folder)
    working.prepare(row, current_engine(), folder)
    assert working.same(row, current_engine(), folder)
    row.snapshot = "of other facts"
    assert not working.same(row, current_engine(), folder)


def test_facts_that_do_not_hold_together_are_told(monkeypatch):
    firm(SMALL)
    made = start_run(actor=factories.officer("supervisor"))

    def broken(*_args, **_more):
        raise SnapshotError([Problem("expand_hires", "below the least possible 0", 3)])

    monkeypatch.setattr(working.Snapshot, "partitions", broken)
    jobs.carry_out(made.job_id)
    made.job.refresh_from_db()
    assert (made.job.stage, made.job.message) == ("failed", "expand_hires: 3 rows: below the least possible 0")


def test_an_explanation_says_what_the_run_said():
    small, large = firm(SMALL), firm(LARGE)
    there = factories.officer("supervisor")
    assert queries.explained(small, MEASURE, actor=there).answer is None
    run()
    for row in Entitlement.objects.all():
        found = queries.explained(row.subject, row.measure, actor=there)
        assert found.same, (row, found.answer)
        assert found.answer.version == row.version
    tell(large, {"employees_avg": 500}, days=0)
    assert queries.explained(large, MEASURE, actor=there).same
    tell(large, {"employees_avg": 5}, days=0)
    assert not queries.explained(large, MEASURE, actor=there).same
    Entitlement.objects.filter(subject=small).update(version="older")
    assert not queries.explained(small, MEASURE, actor=there).same
    assert queries.explained(small, "nothing", actor=there) == queries.Explained(None, None, same=False)


def test_one_sees_only_ones_own_area():
    ours, theirs = firm(SMALL), firm(SMALL, region=factories.NEIGHBOUR)
    made = run()
    here, editor = factories.officer("supervisor"), factories.officer("policy_editor")
    assert {row.subject for row in queries.entitled(here)} == {ours}
    assert {row.subject for row in queries.entitled(here, measure=MEASURE, region=factories.NEIGHBOUR)} == set()
    assert not queries.entitled(editor).exists()
    assert {t.region for t in RunTotal.objects.all()} == {ours.region_id, theirs.region_id}
    assert [line.key for line in queries.by_county(made, editor, MEASURE)] == [factories.COUNTY]
    assert queries.by_measure(made, here, factories.COUNTY)[0].figures["eligible"] == 1
    assert queries.by_measure(made, factories.member()) == []
    assert queries.last_run(factories.member()) is None


def test_of_a_person_all_of_it_can_be_exported_and_erased():
    from chuangbao.core.privacy import HOLDINGS

    founder = factories.founder()
    subject = subject_of(founder)
    made = run()
    Entitlement.objects.create(subject=subject, measure=MEASURE, version="1", status="eligible", cents=5, since=made)
    decline(subject=subject, measure=MEASURE, reason=Reason.LATER, actor=founder)
    holding = HOLDINGS["entitlements"]
    rows = list(holding.export(founder.person_id))
    assert {(row["measure"], row.get("cents"), row.get("reason")) for row in rows} >= {
        (MEASURE, "5", None), (MEASURE, None, "later"),
    }  # fmt: skip
    assert holding.erase(founder.person_id) >= 2
    assert not list(holding.export(founder.person_id))


def test_the_demonstration_is_the_same_every_time():
    assert load_demo_population(subjects=30) == 30
    before = list(Fact.objects.order_by("subject", "name").values_list("name", "number", "text", "flag", "day_value"))
    assert load_demo_population(subjects=30) == 0
    assert load_demo_population(subjects=31) == 1
    assert len(before) > 300
    assert all(s.organisation.is_demo for s in Subject.objects.select_related("organisation"))
    assert runsworld.yuan(100) == 1
