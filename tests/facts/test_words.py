"""Facts in words, in both languages; rows that name themselves without telling a value."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import override

import factories
from chuangbao.core.access.actors import ANONYMOUS, SYSTEM
from chuangbao.core.access.row_access import visible
from chuangbao.core.engine.current import current_pack
from chuangbao.facts.domain.intake import read_upload
from chuangbao.facts.domain.standing import SEALED
from chuangbao.facts.domain.stating import state
from chuangbao.facts.domain.subjects import subject_of
from chuangbao.facts.forms import StatementForm
from chuangbao.facts.models import Fact, Intake, IntakeRow
from chuangbao.facts.words import fact_value, label, row_day


@pytest.mark.parametrize(
    ("name", "value", "zh", "en"),
    [
        ("expand_hires", SEALED, "已加密", "Sealed"),
        ("agreed_share", None, "没有", "There is none"),
        ("person_group", [], "都不是", "None of them"),
        ("is_hnte", True, "是", "Yes"),
        ("is_hnte", False, "否", "No"),
        ("registered_on", date(2015, 6, 8), "2015年6月8日", "8 June 2015"),
        ("industry_kind", "industrial", "工业", "Industry"),
        ("industry_kind", "gone", "gone", "gone"),
        ("rd_ratio3", Decimal("0.055"), "5.5%", "5.5%"),
        ("taxable_income", 200000, "¥200,000.00", "¥200,000.00"),
    ],
)
def test_a_value_in_words(name, value, zh, en):
    for language, words in (("zh-hans", zh), ("en", en)):
        with override(language):
            assert fact_value(current_pack().facts[name], value) == words


def test_groups_of_people_are_listed():
    fact = current_pack().facts["person_group"]
    two = [code.code for code in current_pack().codes["person_group"].codes[:2]]
    assert fact_value(fact, two).count("，") + fact_value(fact, two).count("、") >= 1


def test_a_fact_that_is_no_more_is_called_by_its_id():
    assert label("gone") == "gone"
    assert row_day(Fact(period=DateRange(date(2024, 1, 1), date(2025, 1, 1)))) == "2024-01-01 – 2025-01-01"
    assert str(Fact(name="expand_hires", as_of=date(2024, 1, 1))) == "expand_hires 2024-01-01"


def test_the_form_of_a_fact_by_the_year_asks_for_the_period():
    yearly = replace(current_pack().facts["expand_hires"], per="year")
    right = StatementForm({"expand_hires": "3", "when": "2024"}, fact=yearly)
    assert right.is_valid(), right.errors
    assert right.statement()["period"].lower == date(2024, 1, 1)
    assert "格式" in str(StatementForm({"expand_hires": "3", "when": "bald"}, fact=yearly).errors["when"])


@pytest.mark.parametrize(
    ("name", "given", "value"),
    [
        ("agreed_share", "无", None),
        ("agreed_share", "5%", Decimal("0.05")),
        ("registered_on", "2015-06-08", date(2015, 6, 8)),
        ("person_group", None, []),
        ("is_hnte", "false", False),
    ],
)
def test_an_answer_in_the_shape_of_the_engine(name, given, value):
    fact = current_pack().facts[name]
    data = [current_pack().codes["person_group"].codes[0].code] if name == "person_group" else given
    form = StatementForm({name: data}, fact=fact)
    assert form.is_valid(), form.errors
    assert form.statement()["value"] == (data if name == "person_group" else value)


@pytest.mark.usefixtures("regions")
def test_files_are_seen_by_whom_they_are_of_and_by_the_system():
    alone = factories.founder()
    made = read_upload(upload=SimpleUploadedFile("a.csv", "信息项,取值\nexpand_hires,3\n".encode()), actor=alone)
    row = made.rows.get()
    assert (str(made), str(row)) == ("a.csv", f"{made.pk}:2")
    for model in (Intake, IntakeRow):
        assert [visible(model, to=who).exists() for who in (alone, SYSTEM, factories.founder(), ANONYMOUS)] == [
            True,
            True,
            False,
            False,
        ]


@pytest.mark.usefixtures("regions")
def test_a_statement_without_a_proof_has_none_to_show(client):
    owner = factories.member()
    said = state(subject=subject_of(owner), name="expand_hires", value=3, actor=owner)
    assert factories.sign_in(client, owner).get(f"/facts/statements/{said.pk}/evidence/").status_code == 404


def test_a_figure_that_is_not_there_stands_in_the_field_in_words():
    fact = current_pack().facts["agreed_share"]
    assert 'value="没有"' in str(StatementForm(fact=fact, initial={"agreed_share": "__absent__"})["agreed_share"])
    form = StatementForm({"expand_hires": "无"}, fact=current_pack().facts["expand_hires"])
    assert form.is_valid(), form.errors  # of a number of people 无 says none
    assert form.cleaned_data["expand_hires"] == 0
