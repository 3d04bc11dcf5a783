"""The file holds for everybody what stands on the day, exactly as the page of each says it; nothing sealed is in it."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

import polars as pl
import pyarrow.parquet as pq
import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

import factories
from chuangbao.accounts.models import Person
from chuangbao.core.access.actors import SYSTEM
from chuangbao.core.engine.current import current_pack
from chuangbao.facts.domain import snapshot
from chuangbao.facts.domain.periods import period_of
from chuangbao.facts.domain.snapshot import sealed_rows, write_snapshot
from chuangbao.facts.domain.standing import holdings, raw_of
from chuangbao.facts.domain.values import columns
from chuangbao.facts.models import Fact, Source, Subject
from chuangbao.rules.batch.snapshot import Snapshot
from chuangbao.rules.profile import period

pytestmark = pytest.mark.usefixtures("regions")
DAY = date(2026, 6, 30)
VALUES = {
    "taxable_income": [200000, Decimal("0.05"), 3],
    "employees_avg": [Decimal("12.5"), 300],
    "expand_hires": [3, 4],
    "industry_kind": ["industrial", "other"],
    "is_hnte": [True, False],
    "registered_on": [date(2015, 6, 8), date(2016, 2, 29)],
    "agreed_share": [None, Decimal("0.7")],
    "person_group": [["脱贫人口"], ["脱贫人口", "登记失业半年"]],
}


def subjects(count):
    """Some organisations, a person who opened their facts to an office, and one who did not."""
    firms = [Subject.objects.create(organisation=factories.organisation()) for _ in range(count)]
    opened = Subject.objects.create(person=factories.person(), place_id=factories.NEIGHBOUR)
    return [*firms, opened, Subject.objects.create(person=factories.person())]


def said(dice, subject, officer):
    """One statement of any kind about one fact."""
    pack, name = current_pack(), dice.choice(list(VALUES))
    day = DAY + timedelta(days=dice.choice([-400, -40, -1, 0, 1, 30]))
    when = {"as_of": day} if dice.random() < 0.8 else {"period": DateRange(day, day + timedelta(days=30))}
    source = dice.choice([*Source])
    verified = dice.random() < 0.3
    stage = "verified" if verified else dice.choice(["stated", "disputed", "withdrawn"])
    return Fact(
        subject=subject, name=name, source=source, register="税务" if source == Source.REGISTER else "", stage=stage,
        verified_by=officer if verified else None,
        verified_until=DAY + timedelta(days=dice.choice([-1, 0, 1])) if verified else None,
        **when, **columns(pack, pack.facts[name], dice.choice(VALUES[name])),
    )  # fmt: skip


def expected(subject):
    """What the pages say stands, sealed values apart."""
    held = raw_of(holdings(subject, day=DAY, actor=SYSTEM, why="test"))
    return {name: value for name, value in held.items() if not current_pack().facts[name].sensitive}


def found(path):
    """The same out of the file: a null is unknown unless it is marked as absent."""
    rows = {}
    for row in pl.read_parquet(path).iter_rows(named=True):
        known = {n for n, v in row.items() if v is not None and not n.endswith("__absent") and n not in META}
        absent = {n.removesuffix("__absent") for n, v in row.items() if n.endswith("__absent") and v}
        rows[row["subject"]] = {n: row[n] for n in known} | dict.fromkeys(absent)
    return rows


META = {"subject", "region"}


def test_it_says_of_everybody_what_stands(tmp_path, monkeypatch):
    dice = random.Random(7)  # noqa: S311 - the same cases every time
    everybody, officer = subjects(9), factories.person("李科")
    Fact.objects.bulk_create(said(dice, dice.choice(everybody), officer) for _ in range(700))
    out, aside = tmp_path / "facts.parquet", tmp_path / "sealed.parquet"
    steps = []
    written = write_snapshot(
        out, pack=current_pack(), day=DAY, sealed=aside, size=4, told=lambda *step: steps.append(step)
    )
    assert found(out) == {one.pk: expected(one) for one in everybody}
    assert steps == [(1, 3), (2, 3), (3, 3)]
    regions = dict(pl.read_parquet(out).select("subject", "region").iter_rows())
    assert {one.pk: one.region_id or None for one in everybody} == regions
    assert list(regions.values())[-2:] == [factories.NEIGHBOUR, None]
    closed = {(who, name): row for who, name, row in sealed_rows(aside)}
    for one in everybody:
        held = holdings(one, day=DAY, actor=SYSTEM, why="").get(("person_group", ""))
        assert closed.get((one.pk, "person_group")) == (held and held.standing.row.pk)
    assert (written.subjects, written.sealed) == (len(everybody), len(closed))
    assert written.facts == sum(map(len, found(out).values())) + len(closed)
    assert written.digest == Snapshot(out, current_pack()).digest
    assert pq.read_schema(out).metadata[b"as_of"] == b"2026-06-30"
    assert "person_group" not in pl.read_parquet_schema(out)
    again = write_snapshot(tmp_path / "again.parquet", pack=current_pack(), day=DAY, size=4)
    assert again == written
    assert sorted(p.name for p in tmp_path.iterdir()) == ["again.parquet", "facts.parquet", "sealed.parquet"]
    assert Person.objects.filter(pk=officer.pk).exists()


def test_the_judge_takes_it(tmp_path):
    subject = subjects(1)[0]
    pack = current_pack()
    for name, values in VALUES.items():
        Fact.objects.create(
            subject=subject, name=name, as_of=DAY, source=Source.SELF, **columns(pack, pack.facts[name], values[0])
        )
    write_snapshot(tmp_path / "facts.parquet", pack=pack, day=DAY)
    frames = list(Snapshot(tmp_path / "facts.parquet", pack).partitions(lambda frame: frame))
    assert [f.height for f in frames] == [3]


def test_what_the_catalogue_no_longer_lets_in_is_passed_over(tmp_path):
    subject = subjects(1)[0]
    for day, code in ((DAY, "gone"), (DAY - timedelta(days=9), "industrial")):
        Fact.objects.create(subject=subject, name="industry_kind", as_of=day, text=code, source=Source.SELF)
    Fact.objects.create(subject=subject, name="expand_hires", as_of=DAY, number=Decimal("1.5"), source=Source.SELF)
    Fact.objects.create(subject=subject, name="of_another_pack", as_of=DAY, number=1, source=Source.SELF)
    write_snapshot(tmp_path / "facts.parquet", pack=current_pack(), day=DAY)
    assert found(tmp_path / "facts.parquet")[subject.pk] == {"industry_kind": "industrial"} == expected(subject)


def test_nobody_is_a_file_too(tmp_path):
    written = write_snapshot(tmp_path / "facts.parquet", pack=current_pack(), day=DAY)
    assert (written.subjects, written.facts) == (0, 0)
    assert pl.read_parquet(tmp_path / "facts.parquet").columns == ["subject", "region"]


def test_of_a_fact_by_period_the_period_of_the_day_counts():
    from dataclasses import replace

    pack = current_pack()
    fact = replace(pack.facts["month_sales"], per="quarter")
    span = period_of(fact, period(fact, DAY))
    assert snapshot.entry(pack, fact, DAY)["span"] == f"[{span.lower},{span.upper})"
    assert span.lower == date(2026, 4, 1)


@pytest.mark.django_db(transaction=True)
def test_it_is_of_one_moment(tmp_path):
    """Outside of any other transaction it reads in one of its own that sees no later change."""
    from django.db import connection

    seen = []
    subjects(2)

    def look(_done, _of):
        with connection.cursor() as cursor:
            cursor.execute("SHOW transaction_isolation")
            seen.append(cursor.fetchone()[0])

    write_snapshot(tmp_path / "facts.parquet", pack=current_pack(), day=DAY, told=look)
    assert seen == ["repeatable read"]


def test_sealed_facts_are_opened_in_memory_alone(tmp_path):
    from chuangbao.facts.domain.sealed import Sealed

    pack, everybody = current_pack(), subjects(3)
    values = {0: ["脱贫人口"], 1: ["登记失业半年"], 3: ["脱贫人口"]}
    rows = {}
    for place, value in values.items():
        rows[place] = Fact.objects.create(
            subject=everybody[place], name="person_group", as_of=DAY, source=Source.SELF,
            **columns(pack, pack.facts["person_group"], value),
        )  # fmt: skip
    Fact.objects.create(
        subject=everybody[4], name="equity_spread", as_of=DAY, source=Source.SELF,
        **columns(pack, pack.facts["equity_spread"], 5),
    )  # fmt: skip
    rows[1].secret = '{"codes": ["gone from the list"]}'
    rows[1].save()
    out, aside = tmp_path / "facts.parquet", tmp_path / "sealed.parquet"
    write_snapshot(out, pack=pack, day=DAY, sealed=aside)
    rows[3].delete()  # erased after the snapshot
    frame = pl.read_parquet(out)
    sealed = Sealed(aside, pack, ["person_group"])
    opened = sealed.onto(frame)
    assert opened["person_group"].to_list() == [["脱贫人口"], None, None, None, None]
    assert "equity_spread" not in opened.columns
    assert Sealed(aside, pack, ["equity_spread"]).onto(frame)["equity_spread"].to_list()[-1] == 5
    assert Sealed(aside, pack, []).onto(frame).equals(frame)
    assert sealed.onto(frame.head(0)).is_empty()


def test_a_sensitive_fact_is_beside_the_file_whatever_its_row_looks_like(tmp_path):
    """Known not to exist, or written down before the catalogue called it sensitive."""
    from dataclasses import replace

    from chuangbao.facts.domain.sealed import Sealed

    pack, (one, other, *_rest) = current_pack(), subjects(2)
    strict = replace(pack, facts=pack.facts | {"agreed_share": replace(pack.facts["agreed_share"], sensitive=True)})
    for subject, value in ((one, None), (other, Decimal("0.5"))):
        Fact.objects.create(
            subject=subject, name="agreed_share", as_of=DAY, source=Source.SELF,
            **columns(pack, pack.facts["agreed_share"], value),
        )  # fmt: skip
    write_snapshot(tmp_path / "facts.parquet", pack=strict, day=DAY, sealed=tmp_path / "sealed.parquet")
    frame = pl.read_parquet(tmp_path / "facts.parquet")
    assert frame.columns == ["subject", "region"]
    opened = Sealed(tmp_path / "sealed.parquet", strict, ["agreed_share"]).onto(frame)
    assert opened["agreed_share"].to_list() == [None, Decimal("0.5"), None, None]
    assert opened["agreed_share__absent"].to_list() == [True, False, None, None]


def test_a_set_of_codes_is_a_list():
    frame = pl.DataFrame({"value": ['["a","b"]', "[]", None]})
    found = frame.select(snapshot.value(pl.col("value"), pl.List(pl.String())))["value"]
    assert found.to_list() == [["a", "b"], [], None]
