"""The verbs of simulations: who may, what is refused, and that the figures are those of the engine."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

import factories
from chuangbao.core.access.row_access import unscoped, visible
from chuangbao.core.engine.current import current_engine, current_pack
from chuangbao.core.jobs.jobs import carry_out
from chuangbao.core.models import History, Job, JobStage
from chuangbao.core.workflow.refusals import Refused
from chuangbao.facts.domain import population as people
from chuangbao.rules.trial import trial_engine
from chuangbao.rules.variants import VariantError, Wanted, altered
from chuangbao.simulations.domain import simulate as running
from chuangbao.simulations.domain.simulate import run_simulation
from chuangbao.simulations.domain.simulations import (
    begin_ceiling_example,
    begin_simulation,
    change_simulation,
    copy_simulation,
    default_day,
    drop_variant,
    put_variant,
)
from chuangbao.simulations.models import Simulation, Turn

pytestmark = pytest.mark.usefixtures("regions", "small")
REF, VERSION, DAY = "2.6.3-small-profit", "CIT-SLP-2015A", date(2015, 6, 30)


@pytest.fixture
def small(tmp_path, settings, monkeypatch):
    """A sample that is made quickly, in a folder of the test's own."""
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(people, "SAMPLE", 400)
    return tmp_path


@pytest.fixture
def actor(regions):
    return factories.officer("policy_editor")


def begun(actor):
    return begin_simulation(measure=REF, version=VERSION, title="上限", day=DAY, actor=actor)


def put(row, actor, number=None, **changes):
    return put_variant(
        simulation=row, number=number, name="方案", version=VERSION, day=None, changes=changes, actor=actor
    )


def fresh(row):
    return unscoped(Simulation, because="a test").get(pk=row.pk)


CEILING = {"income_ceiling": {"": "300000"}}


def test_the_figures_are_the_sum_of_what_each_enterprise_is_told(actor):
    row = begun(actor)
    put(row, actor, parameters=CEILING)
    people.population(current_pack(), DAY)
    assert run_simulation(simulation=row, actor=actor) is None
    base, moved = fresh(row).result["columns"]
    wanted = Wanted(parameters=CEILING)
    changed = altered(current_pack(), current_pack().measures[REF], current_pack().versions[VERSION][1], wanted, DAY)
    engines = current_engine(), trial_engine(current_pack(), changed)
    facts = [f.name for f in current_pack().facts.values() if not f.derived]
    sums, eligible = [Decimal(0), Decimal(0)], [0, 0]
    for one in people.population(current_pack(), DAY).scan.collect().iter_rows(named=True):
        given = {n: Decimal(str(one[n])) if isinstance(one[n], float) else one[n] for n in facts if one[n] is not None}
        for place, engine in enumerate(engines):
            answer = engine.judge(engine.profile(given, as_of=DAY, region=one["region"]), VERSION)
            sums[place] += answer.amount if answer.status == "eligible" else 0
            eligible[place] += answer.status == "eligible"
    assert [Decimal(c["total"]["cents"]) / 100 for c in (base, moved)] == sums
    assert [c["total"]["eligible"] for c in (base, moved)] == eligible
    assert moved["total"]["newly"] == eligible[1] - eligible[0] > 0
    for name in ("region", "county", "industry", "size", "founder_kind"):
        assert sum(g["cents"] for g in moved["groups"][name]) == moved["total"]["cents"]
    bands = [g["of"] for g in moved["groups"]["size"]]
    assert bands[-1] is None  # what is not known comes last
    assert bands[:-1] == [b for b in ("0-9", "10-49", "50-99", "100-299", "300+") if b in bands]


def test_the_example_runs_along_the_real_history(actor):
    row = begin_ceiling_example(actor=actor)
    people.population(current_pack(), DAY)
    run_simulation(simulation=row, actor=actor)
    columns = fresh(row).result["columns"]
    assert [c["name"] for c in columns] == [
        "", "2016年：30万元以内", "2017年：50万元以内", "2018年：100万元以内", "2019年：300万元以内"
    ]  # fmt: skip
    assert [c["day"][:4] for c in columns] == ["2015", "2016", "2017", "2018", "2019"]
    counts = [c["total"]["eligible"] for c in columns]
    assert counts == sorted(set(counts))
    assert all(c["in_force"] for c in columns)


def test_a_budget_says_how_many_are_served(actor):
    row = begun(actor)
    for turn in Turn:
        change_simulation(simulation=row, title="预算", day=DAY, budget=Decimal("100000.00"), turn=turn, actor=actor)
        people.population(current_pack(), DAY)
        run_simulation(simulation=row, actor=actor)
        found = fresh(row).result["columns"][0]
        assert found["budget"]["binds"]
        assert found["budget"]["spent"] <= 10_000_000 < found["budget"]["spent"] + found["budget"]["next"]
        assert found["budget"]["entitled"] <= found["total"]["eligible"]


def test_what_takes_long_is_left_to_the_worker(actor, monkeypatch):
    row = begun(actor)
    job = run_simulation(simulation=row, actor=actor)  # the sample has to be made first
    assert fresh(row).job == job
    carry_out(job.pk)
    job = unscoped(Job, because="a test").get(pk=job.pk)
    assert (job.stage, job.result["url"]) == (JobStage.DONE, f"/policies/simulations/{row.key}/")
    assert (job.done, job.total) == (400, 400)
    assert fresh(row).result["subjects"] == 400
    assert fresh(row).job is None
    monkeypatch.setattr(running, "AT_ONCE", 100)
    again = run_simulation(simulation=fresh(row), actor=actor)
    change_simulation(simulation=row, title="改了", day=DAY, budget=None, turn=Turn.ARRIVAL, actor=actor)
    carry_out(again.pk)
    again = unscoped(Job, because="a test").get(pk=again.pk)
    assert (again.stage, again.message) == (JobStage.FAILED, "模拟内容已被修改，请重新运行。")
    assert fresh(row).result is None


def test_a_broken_snapshot_is_told_by_its_columns(actor, small):
    (small / "snapshots").mkdir()
    pl.DataFrame({"subject": [1], "taxable_income": [-1.0]}).write_parquet(small / "snapshots" / "x.parquet")
    with pytest.raises(Refused, match="taxable_income"):
        run_simulation(simulation=begun(actor), actor=actor)


def test_a_fifth_variant_is_refused_and_a_place_is_used_again(actor):
    row = begun(actor)
    for _ in range(4):
        put(row, actor, parameters=CEILING)
    with pytest.raises(Refused) as refused:
        put(row, actor)
    assert refused.value.code == "four_already"
    drop_variant(simulation=row, number=2, actor=actor)
    assert put(row, actor).number == 2
    assert put(row, actor, number=3, amount="1").changes == {"amount": "1"}
    with transaction.atomic(), pytest.raises(IntegrityError):
        row.variants.create(number=5, name="x", version=VERSION)


def test_what_cannot_be_is_refused(actor):
    row = begun(actor)
    for measure, version in ((REF, "nothing"), ("2.2.4-reward-50", VERSION)):
        with pytest.raises(Refused) as refused:
            begin_simulation(measure=measure, version=version, title="x", day=DAY, actor=actor)
        assert refused.value.code == "no_version"
    with pytest.raises(Refused) as refused:
        put(row, actor, valid_from="2016-01-01", valid_to="2015-01-01")
    assert refused.value.field == "valid_to"
    with pytest.raises(VariantError):
        put(row, actor, amount="nothing_known")
    assert row.variants.count() == 0


def test_a_variant_that_no_longer_holds_together_stops_the_run_with_its_name(actor):
    row = begun(actor)
    people.population(current_pack(), DAY)
    row.variants.create(number=1, name="旧方案", version=VERSION, changes={"amount": "gone_by_now"})
    with pytest.raises(Refused, match="旧方案"):
        run_simulation(simulation=row, actor=actor)


def test_only_whoever_made_it_changes_it_and_a_colleague_goes_on_in_a_copy(actor):
    row = begun(actor)
    put(row, actor, parameters=CEILING)
    colleague = factories.officer("policy_reviewer")
    supervisor = factories.officer("supervisor")
    for other in (colleague, supervisor):
        assert row in visible(Simulation, to=other)
        for verb in (
            lambda who: put(row, who),
            lambda who: drop_variant(simulation=row, number=1, actor=who),
            lambda who: run_simulation(simulation=row, actor=who),
        ):
            with pytest.raises(PermissionDenied):
                verb(other)
    copy = copy_simulation(simulation=row, actor=colleague)
    assert (copy.title, copy.author_id) == ("上限（副本）", colleague.person_id)
    assert [v.changes for v in copy.variants.order_by("number")] == [{"parameters": CEILING}]
    assert put(copy, colleague, amount="1").number == 2


@pytest.mark.parametrize(
    "other",
    [
        lambda: factories.officer("policy_editor", region=factories.NEIGHBOUR),
        lambda: factories.officer("policy_editor", department="税务"),
        lambda: factories.officer("register"),
        factories.founder,
        factories.member,
    ],
)
def test_nobody_of_another_office_or_without_the_duty_sees_it(actor, other):
    row, stranger = begun(actor), other()
    assert row not in visible(Simulation, to=stranger)
    assert row in visible(Simulation, to=actor)


def test_the_system_sees_all_and_only_officers_begin(actor):
    from chuangbao.core.access.actors import SYSTEM

    assert begun(actor) in visible(Simulation, to=SYSTEM)
    with pytest.raises(PermissionDenied):
        begun(factories.founder())


def test_what_was_done_is_on_the_record(actor):
    row = begun(actor)
    put(row, actor, parameters=CEILING)
    people.population(current_pack(), DAY)
    run_simulation(simulation=row, actor=actor)
    acts = History.objects.filter(kind="policies.simulation", object_id=row.pk).order_by("pk")
    assert [a.verb for a in acts] == ["begin", "save", "run"]


def test_a_version_is_asked_on_its_own_nearest_day():
    versions = current_pack().versions
    today = date(2026, 11, 25)
    assert default_day(versions[VERSION][1], today) == date(2016, 12, 31)
    assert default_day(versions["CIT-SLP-2023"][1], today) == today
    assert default_day(versions["CIT-SLP-2023"][1], date(2020, 1, 1)) == date(2023, 1, 1)
