"""Values as people write them, and periods: what is read, what is refused and with which words."""

from __future__ import annotations

import io
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.backends.postgresql.psycopg_any import DateRange
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

import factories
from chuangbao.core.access.actors import ANONYMOUS
from chuangbao.core.engine.current import current_pack
from chuangbao.core.workflow.refusals import Refused
from chuangbao.facts.domain import intake, standing, stating
from chuangbao.facts.domain.effects import conflicts
from chuangbao.facts.domain.intake import confirm, discard, read_upload, report_of
from chuangbao.facts.domain.periods import key_of, period_of
from chuangbao.facts.domain.sheets import lines_of
from chuangbao.facts.domain.standing import SEALED, holdings, raw_of
from chuangbao.facts.domain.stating import state
from chuangbao.facts.domain.subjects import subject_of
from chuangbao.facts.domain.values import describe_expected, read, value_of
from chuangbao.facts.models import Fact, IntakeRow
from chuangbao.rules.model import FactType

READ = [
    ("expand_hires", "3", 3),
    ("expand_hires", "３", 3),
    ("taxable_income", "20万", 200000),
    ("taxable_income", "¥1,200.50", Decimal("1200.5")),
    ("rd_ratio3", "5.5%", Decimal("0.055")),
    ("is_hnte", "是", True),
    ("is_hnte", "No", False),
    ("industry_kind", "其他行业", "其他行业"),
    ("registered_on", "2015/6/8", None),
    ("registered_on", "2015-06-08", "2015-06-08"),
    ("agreed_share", "无", None),
    ("agreed_share", "-0.5", None),
]


def fact(name):
    return current_pack().facts[name]


@pytest.mark.parametrize(("name", "text", "value"), [r for r in READ if r[1] not in {"2015/6/8", "-0.5"}])
def test_what_people_write_is_read(name, text, value):
    assert read(current_pack(), fact(name), text) == value


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [("expand_hires", "=1+1", "formula"), ("industry_kind", "@SUM(A1)", "formula"), ("expand_hires", "1.5", "unfit"), ("agreed_share", "-0.5", "unfit"),
     ("is_hnte", "vielleicht", "unfit"), ("registered_on", "2015/6/8", "unfit"), ("expand_hires", "无", "unfit")],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(name, text, code):
    with pytest.raises(Refused) as refusal:
        read(current_pack(), fact(name), text)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    "name", ["expand_hires", "rd_ratio3", "is_hnte", "industry_kind", "registered_on", "person_group"]
)
def test_every_type_says_what_is_expected(name):
    assert describe_expected(current_pack(), fact(name)).endswith("。")


def test_an_award_is_written_as_people_write_it():
    named = replace(
        fact("expand_hires"), name="award_x", type=FactType.TEXT, minimum=None, may_be_absent=True, award="x"
    )
    assert "2023-05-01 5000元 12个月" in describe_expected(current_pack(), named)
    assert read(current_pack(), named, "2023-05-01 5000元") == "2023-05-01 5000元"
    assert read(current_pack(), named, "没有") is None
    with pytest.raises(Refused):
        read(current_pack(), named, "去年")


def test_a_text_is_read_and_kept(db, regions, monkeypatch):
    pack = current_pack()
    named = replace(fact("expand_hires"), name="brand", type=FactType.TEXT, minimum=None)
    monkeypatch.setattr(stating, "current_pack", lambda: replace(pack, facts={"brand": named}))
    monkeypatch.setattr(standing, "current_pack", lambda: replace(pack, facts={"brand": named}))
    assert describe_expected(pack, named)
    owner = factories.member()
    state(subject=subject_of(owner), name="brand", value="创宝", actor=owner)
    (held,) = holdings(subject_of(owner), day=date(2099, 1, 1), actor=owner, why="x").values()
    assert held.standing.value == "创宝"


@given(st.fractions(-(10**6), 10**6, max_denominator=1))
def test_a_figure_of_any_exact_kind_is_kept_exactly(figure):
    from chuangbao.facts.domain.values import decimal

    assert Fraction(decimal(Fraction(figure))) == figure


YEARLY = {per: replace(fact("expand_hires"), name="expand_hires", per=per) for per in ("year", "quarter", "month")}


@pytest.mark.parametrize(
    ("per", "text", "first", "last", "key"),
    [
        ("year", "2024", date(2024, 1, 1), date(2025, 1, 1), "2024"),
        ("year", "2024年", date(2024, 1, 1), date(2025, 1, 1), "2024"),
        ("quarter", "2024-Q4", date(2024, 10, 1), date(2025, 1, 1), "2024-Q4"),
        ("quarter", "2024年2季度", date(2024, 4, 1), date(2024, 7, 1), "2024-Q2"),
        ("month", "2024-05", date(2024, 5, 1), date(2024, 6, 1), "2024-05"),
        ("month", "2024年12月", date(2024, 12, 1), date(2025, 1, 1), "2024-12"),
    ],
)
def test_a_period_is_read_and_named_as_the_engine_names_it(per, text, first, last, key):
    found = period_of(YEARLY[per], text)
    assert (found.lower, found.upper, key_of(YEARLY[per], found)) == (first, last, key)


@pytest.mark.parametrize("per", YEARLY)
def test_what_is_no_period_is_refused(per):
    with pytest.raises(Refused, match="格式"):
        period_of(YEARLY[per], "soon")


@pytest.fixture
def yearly(monkeypatch, regions):
    """The catalogue with one fact that comes by the year."""
    pack = replace(current_pack(), facts=current_pack().facts | {"expand_hires": YEARLY["year"]})
    for module in (stating, standing, intake):
        monkeypatch.setattr(module, "current_pack", lambda: pack)
    return pack


def test_a_fact_by_the_year_has_one_value_for_each(yearly):
    owner = factories.member()
    firm = subject_of(owner)
    for year, value in ((2023, 3), (2024, 5), (2024, 6)):
        state(
            subject=firm,
            name="expand_hires",
            value=value,
            actor=owner,
            period=DateRange(date(year, 1, 1), date(year + 1, 1, 1)),
        )
    found = holdings(firm, day=date(2025, 6, 1), actor=owner, why="x")
    assert raw_of(found) == {"expand_hires": {"2023": 3, "2024": 6}}
    assert Fact.objects.first().day == date(2024, 1, 1)
    with pytest.raises(Refused) as refusal:
        state(subject=firm, name="expand_hires", value=3, actor=owner)
    assert refusal.value.code == "period_needed"


def test_a_contradiction_about_a_year_changes_that_year_alone(yearly, monkeypatch):
    from chuangbao.core.access.actors import SYSTEM
    from chuangbao.facts.domain import effects

    owner = factories.member()
    firm = subject_of(owner)
    period = DateRange(date(2024, 1, 1), date(2025, 1, 1))
    state(subject=firm, name="expand_hires", value=3, actor=owner, period=period)
    state(subject=firm, name="expand_hires", value=4, actor=SYSTEM, source="register", register="社保", period=period)
    seen = []
    monkeypatch.setattr(effects, "outcomes", lambda raw, *_: seen.append(raw["expand_hires"]) or {})
    (conflict,) = conflicts(holdings(firm, day=date(2025, 6, 1), actor=owner, why="x"), day=date(2025, 6, 1), region="")
    assert (conflict.period, seen) == ("2024", [{"2024": 4}, {"2024": 3}])


def test_a_line_of_a_file_about_a_year_is_taken_in(yearly):
    owner = factories.member()
    made = read_upload(
        upload=SimpleUploadedFile(
            "a.csv", "信息项,取值,截至日期或所属期\nexpand_hires,3,2024\nexpand_hires,3,bald\n".encode()
        ),
        actor=owner,
    )
    assert confirm(intake=made, actor=owner) == 1
    assert Fact.objects.get().period.lower == date(2024, 1, 1)


def test_unopened_values_stay_out_of_the_engine(db, regions):
    owner = factories.member()
    firm = subject_of(owner)
    state(subject=firm, name="equity_spread", value=5, actor=owner)
    found = holdings(firm, day=date(2099, 1, 1), actor=owner, why="")
    assert [held.standing.value for held in found.values()] == [SEALED]
    assert repr(SEALED) == "SEALED"
    assert raw_of(found) == {}


def table(*rows):
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def test_cells_of_every_type_are_read_as_somebody_would_have_typed_them():
    head = ("信息项", "取值", "截至日期或所属期")
    found = lines_of(
        "a.xlsx",
        table(
            head,
            ("a", 0.00001, datetime(2026, 1, 5)),  # noqa: DTZ001 - Excel has no zones
            ("b", True, None),
            ("c", False, None),
            ("d", 3, None),
            (),
            ("e",),
        ),
        most=9,
    )
    assert [(line.value, line.when) for line in found] == [
        ("0.00001", "2026-01-05"),
        ("true", ""),
        ("false", ""),
        ("3", ""),
    ]


def test_a_table_too_long_or_broken_is_refused():
    head = ("信息项", "取值")
    with pytest.raises(Refused) as refusal:
        lines_of("a.xlsx", table(head, ("a", 1), ("b", 2)), most=1)
    assert refusal.value.code == "long"
    with pytest.raises(Refused) as refusal:
        lines_of("a.csv", "信息项,取值\n".encode() + b"x," + b"y" * 200_000, most=9)
    assert refusal.value.code == "broken"
    broken = table(head, ("a", 1)).replace(b"xl/worksheets/sheet1.xml", b"xl/worksheets/sheetX.xml")
    with pytest.raises(Refused) as refusal:
        lines_of("a.xlsx", broken, most=9)
    assert refusal.value.code == "broken"


CSV = "统一社会信用代码,信息项,取值\n{code},expand_hires,3\n"


def test_an_officer_brings_facts_of_the_area_only(regions):
    officer, here, there = (
        factories.officer("register"),
        factories.organisation(),
        factories.organisation(region=factories.NEIGHBOUR),
    )
    text = CSV.format(code=here.code) + f"{there.code},expand_hires,3\n,expand_hires,3\n"
    made = read_upload(upload=SimpleUploadedFile("a.csv", text.encode()), actor=officer)
    assert confirm(intake=made, actor=officer) == 1
    assert Fact.objects.get().source == "officer"
    assert report_of(made).count("权限") == 2


def test_a_person_files_for_themselves_and_not_for_a_firm_they_belong_to(regions):
    alone = factories.founder()
    where = factories.organisation()
    factories.membership(factories.Person.objects.get(pk=alone.person_id), where)
    made = read_upload(
        upload=SimpleUploadedFile("a.csv", (CSV.format(code=where.code) + ",expand_hires,2\n").encode()), actor=alone
    )
    assert confirm(intake=made, actor=alone) == 1
    assert IntakeRow.objects.get(line=2).problem == "您无权办理此事。"


def test_a_file_too_large_or_of_nobody_is_refused(regions, monkeypatch):
    with pytest.raises(PermissionDenied):
        read_upload(upload=SimpleUploadedFile("a.csv", b"x"), actor=ANONYMOUS)
    monkeypatch.setattr(intake, "WHOLE", 3)
    with pytest.raises(Refused) as refusal:
        read_upload(upload=SimpleUploadedFile("a.csv", b"1234"), actor=factories.founder())
    assert refusal.value.code == "large"


def test_another_person_neither_confirms_nor_forgets_a_file(regions):
    made = read_upload(
        upload=SimpleUploadedFile("a.csv", "信息项,取值\nexpand_hires,3\n".encode()), actor=factories.founder()
    )
    for verb in (confirm, discard):
        with pytest.raises(PermissionDenied):
            verb(intake=made, actor=factories.founder())


@given(
    st.sampled_from(
        ["expand_hires", "rd_ratio3", "is_hnte", "industry_kind", "registered_on", "person_group", "agreed_share"]
    ),
    st.text() | st.from_regex(r"[\d９,.%¥万-]{1,40}") | st.from_regex(r"\d{1,40}[-年/.]\d{1,40}[-月/.]\d{1,3}"),
)
def test_whatever_is_written_is_read_or_refused_in_words(name, text):
    for reading in (
        lambda: read(current_pack(), fact(name), text),
        lambda: intake.day_of(text),
        lambda: period_of(YEARLY["month"], text),
        lambda: period_of(YEARLY["year"], text),
    ):
        with suppress(Refused):
            reading()


def test_a_table_of_blank_lines_is_not_read_forever():
    book, out = Workbook(), io.BytesIO()
    book.active.append(("信息项", "取值"))
    book.active.cell(200, 16000).value = 1
    book.save(out)
    with pytest.raises(Refused) as refusal:
        lines_of("a.xlsx", out.getvalue(), most=9)
    assert refusal.value.code == "long"


def test_a_row_gives_its_value_as_it_was_said():
    assert value_of(Fact(flag=False)) is False
    assert value_of(Fact(codes=["a"])) == ["a"]
    assert value_of(Fact(number=Decimal("3.00000000"))) == 3
    assert value_of(Fact(number=Decimal("0.50000000"))) == Decimal("0.5")
