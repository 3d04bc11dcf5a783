"""The pages of simulations in a browser's own terms: plain forms, nothing lost, wholly Chinese."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO

import polars as pl
import pytest
from lxml import html as lxml_html
from openpyxl import load_workbook

import factories
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.engine.current import current_pack
from chuangbao.core.jobs.jobs import carry_out
from chuangbao.core.models import Job
from chuangbao.core.workflow.refusals import Refused
from chuangbao.facts.domain import population as people
from chuangbao.simulations.domain.simulations import begin_ceiling_example, begin_simulation, put_variant
from chuangbao.simulations.models import Simulation

pytestmark = pytest.mark.usefixtures("regions", "small")
REF, VERSION, DAY = "2.6.3-small-profit", "CIT-SLP-2015A", date(2015, 6, 30)
HOME = "/policies/simulations/"


@pytest.fixture
def small(tmp_path, settings, monkeypatch):
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(people, "SAMPLE", 400)
    people.population(current_pack(), DAY)
    return tmp_path


@pytest.fixture
def actor(regions):
    return factories.officer("policy_editor")


@pytest.fixture
def at(client):
    return lambda actor: factories.sign_in(client, actor)


@pytest.fixture
def row(actor):
    return begin_simulation(measure=REF, version=VERSION, title="上限试算", day=DAY, actor=actor)


def fields(page, has):
    """The fields of the form that has one of a name, as a browser posts them."""
    form = lxml_html.fromstring(page.content.decode()).xpath(f"//form[.//*[@name='{has}']]")[0]
    return {name: value.removeprefix("\n") for name, value in form.form_values()}


def text(answer):
    return answer.content.decode()


def test_from_the_search_to_the_figures_without_javascript(at, actor):
    client = at(actor)
    assert "还没有模拟" in text(client.get(HOME))
    assert "没有含这些字的政策" in text(client.get(f"{HOME}?q=没有这回事"))
    assert f"{HOME}about/{REF}/" in text(client.get(f"{HOME}?q=小型微利"))
    page = client.get(f"{HOME}about/{REF}/?version={VERSION}")
    given = fields(page, "title")
    assert given["version"] == VERSION
    assert given["day"] == "2016-12-31"
    place = client.post(page.request["PATH_INFO"], given).headers["Location"]
    assert "还没有可比较的方案" in text(client.get(place))
    page = client.get(f"{place}variants/new/")
    assert "现为：200000 元" in text(page)
    answer = client.post(
        f"{place}variants/new/", fields(page, "name") | {"name": "三十万", "p-income_ceiling-": "30万"}
    )
    assert answer.status_code == 302
    kept = unscoped(Simulation, because="a test").get()
    assert [v.changes for v in kept.variants.all()] == [{"parameters": {"income_ceiling": {"": "300000"}}}]
    assert client.post(f"{place}run/").headers["Location"] == place
    shown = text(client.get(place))
    assert "演示数据" in shown
    assert "三十万" in shown
    assert "长春市" in shown
    assert "按创业者类别" in shown
    assert "年应纳税所得额上限" in shown


def test_the_example_is_one_press_away_and_is_drawn_from_its_figures(at, actor):
    client = at(actor)
    place = client.post(f"{HOME}example/").headers["Location"]
    figures = client.get(f"{place}figures.json").json()["charts"]
    assert set(figures) == {"cost", "change", "region", "industry", "size", "founder_kind"}
    assert figures["cost"]["names"][0] == "基准方案"
    assert len(figures["cost"]["bars"]) == 5
    assert figures["cost"]["line"] == sorted(figures["cost"]["line"])
    assert len(figures["change"]["names"]) == 4
    shown = text(client.get(place))
    for value in figures["cost"]["line"]:
        assert re.search(rf"<td\s*>\s*{value:,}\s*</td", shown)


def test_the_workbook_holds_the_whole_and_every_group(at, actor):
    client = at(actor)
    place = client.post(f"{HOME}example/").headers["Location"]
    rows = list(load_workbook(BytesIO(client.get(f"{place}simulation.xlsx").content)).active.values)
    assert rows[0][:5] == ("口径", "方案", "分组", "版本", "判定基准日")
    whole = [r for r in rows[1:] if r[0] == "全部"]
    assert len(whole) == 5
    for dimension in ("按地区", "各县（市、区）", "按行业", "按人员规模", "按创业者类别"):
        parts = [r for r in rows[1:] if r[0] == dimension and r[1] == "基准方案"]
        assert sum(round(r[5] * 100) for r in parts) == round(whole[0][5] * 100)


def test_every_part_of_a_variant_is_changed_and_shown_again_as_it_was_typed(at, actor, row):
    client = at(actor)
    address = f"{HOME}{row.key}/variants/new/"
    given = fields(client.get(address), "name") | {
        "name": "全改", "day": "2015-12-31", "c-income": "taxable_income <= 250000", "c-trade": "",
        "c-added-here": "employees_avg >= 1", "amount": "taxable_income * 0.1", "valid_from": "2015-02-01",
        "valid_to": "", "region": "220102",
    }  # fmt: skip
    assert client.post(address, given).status_code == 302
    page = client.get(f"{HOME}{row.key}/variants/1/")
    again = fields(page, "name")
    for name, value in given.items():
        if name != "csrfmiddlewaretoken":
            assert again.get(name, "") == value, name
    assert client.post(f"{HOME}{row.key}/variants/1/", again | {"name": "改名"}).status_code == 302
    variant = row.variants.get()
    assert variant.name == "改名"
    assert variant.changes["conditions"] == {"trade": "", "income": "taxable_income <= 250000"}
    assert (variant.changes["valid_from"], variant.changes["valid_to"]) == ("2015-02-01", "")
    client.post(f"{HOME}{row.key}/variants/1/drop/")
    assert not row.variants.exists()


def test_a_variant_from_another_version_has_its_figures_and_its_day(at, actor, row):
    page = at(actor).get(f"{HOME}{row.key}/variants/new/?version=CIT-SLP-2017")
    given = fields(page, "name")
    assert given["p-income_ceiling-"] == "500000"
    assert given["day"] == "2017-12-31"
    assert at(actor).get(f"{HOME}{row.key}/variants/new/?version=REWARD-50").status_code == 404


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("p-income_ceiling-", "很多", "请填写数字，例如200000或20万。"),
        ("amount", "nothing_known * 2", "没有这个名称的信息项或标准"),
        ("c-income", "taxable_income <=", "算式读不懂"),
        ("valid_to", "2014-01-01", "截止日早于起始日"),
        ("name", "", "请填写"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(at, actor, row, field, value, said):
    client, address = at(actor), f"{HOME}{row.key}/variants/new/"
    given = (
        fields(client.get(address), "name") | {"name": "新方案", "c-added-here": "employees_avg >= 7"} | {field: value}
    )
    answer = client.post(address, given)
    assert answer.status_code == 422
    page = lxml_html.fromstring(text(answer))
    wrong = page.xpath(f"//*[@id='id_{field}-wrong']")
    assert wrong, field
    assert said in wrong[0].text_content()
    assert "employees_avg &gt;= 7" in text(answer)


def test_a_fifth_variant_is_refused_at_the_top_of_the_form(at, actor, row):
    for number in range(4):
        put_variant(
            simulation=row, number=None, name=f"方案{number}", version=VERSION, day=None, changes={}, actor=actor
        )
    client, address = at(actor), f"{HOME}{row.key}/variants/new/"
    answer = client.post(address, fields(client.get(address), "name") | {"name": "第五个"})
    assert answer.status_code == 422
    assert "最多比较四个方案" in text(answer)
    assert "variants/new" not in text(client.get(f"{HOME}{row.key}/"))


def test_the_budget_is_set_and_its_reach_told(at, actor, row):
    client, address = at(actor), f"{HOME}{row.key}/"
    given = fields(client.get(address), "budget") | {"budget": "-1"}
    answer = client.post(f"{address}settings/", given)
    assert answer.status_code == 422
    assert 'value="-1"' in text(answer)
    assert client.post(f"{address}settings/", given | {"budget": "50000", "turn": "smallest"}).status_code == 302
    client.post(f"{address}run/")
    shown = text(client.get(address))
    assert "预算够多少户" in shown
    assert "金额由小到大" in shown


def test_what_takes_long_shows_its_progress(at, actor, row, small, monkeypatch):
    for file in small.glob("cache/sample*"):
        file.unlink()
    client, address = at(actor), f"{HOME}{row.key}/"
    place = client.post(f"{address}run/").headers["Location"]
    job = unscoped(Job, because="a test").get()
    assert place == f"/my/jobs/{job.key}/" or str(job.key) in place
    assert "正在试算" in text(client.get(address))
    colleague = factories.officer("supervisor")
    assert "请稍后再来看" in text(at(colleague).get(address))
    carry_out(job.pk)
    assert "资金与受益户" in text(at(actor).get(address))


def test_a_run_that_cannot_be_made_says_why(at, actor, row, small):
    (small / "snapshots").mkdir()
    pl.DataFrame({"subject": [1], "taxable_income": [-1.0]}).write_parquet(small / "snapshots" / "x.parquet")
    client, address = at(actor), f"{HOME}{row.key}/"
    assert "信息汇总有误（taxable_income）" in text(client.post(f"{address}run/", follow=True))
    assert "这里无法演示该例子" in text(client.post(f"{HOME}example/", follow=True))
    job = unscoped(Job, because="a test").create(task="policies.simulate", title="x", stage="failed", message="为什么")
    unscoped(Simulation, because="a test").filter(pk=row.pk).update(job=job)
    assert "为什么" in text(client.get(address))


def test_a_version_that_is_gone_is_told_and_the_figures_stay(at, actor, row):
    client, address = at(actor), f"{HOME}{row.key}/"
    client.post(f"{address}run/")
    row.variants.create(number=1, name="旧", version="GONE")
    rows = unscoped(Simulation, because="a test").filter(pk=row.pk)
    rows.update(version="GONE")
    shown = text(client.get(address))
    assert "下面的数字是当时试算的结果" in shown
    assert "该方案已不成立" in shown
    rows.update(measure="gone")
    assert client.get(address).status_code == 200


def test_a_colleague_sees_it_by_its_link_and_copies_it_and_a_stranger_sees_nothing(at, actor, row):
    address = f"{HOME}{row.key}/"
    colleague, stranger = factories.officer("supervisor"), factories.officer("policy_editor", department="税务")
    shown = text(at(colleague).get(address))
    assert "给同事的链接" in shown
    assert "添加方案" not in shown
    assert at(colleague).post(f"{address}run/").status_code == 403
    assert at(colleague).post(f"{address}settings/", {"title": "x"}).status_code == 403
    assert at(colleague).get(f"{address}variants/new/").status_code == 403
    copy = at(colleague).post(f"{address}copy/").headers["Location"]
    assert "上限试算（副本）" in text(at(colleague).get(copy))
    assert at(stranger).get(address).status_code == 404
    assert at(factories.founder()).get(address).status_code == 403


def test_before_it_ran_there_are_no_figures(at, actor, row):
    assert at(actor).get(f"{HOME}{row.key}/figures.json").status_code == 404
    assert at(actor).get(f"{HOME}{row.key}/simulation.xlsx").status_code == 404
    assert at(actor).get(f"{HOME}about/nothing/").status_code == 404


def test_a_beginning_that_is_wrong_is_shown_again(at, actor):
    answer = at(actor).post(f"{HOME}about/{REF}/", {"title": "我的模拟", "version": "nothing", "day": "2015-06-30"})
    assert answer.status_code == 422
    assert "我的模拟" in text(answer)


def test_a_measure_without_figures_of_its_own_and_without_an_amount_has_a_form_too(at, actor):
    row = begin_simulation(measure="proc-one-thing", version="PROC-ONE-THING", title="x", day=DAY, actor=actor)
    assert "没有单列标准" in text(at(actor).get(f"{HOME}{row.key}/variants/new/"))


def test_parameters_of_other_kinds_have_fields_of_their_own():
    from chuangbao.rules.model import FactType, Parameter, ParameterValue, Text
    from chuangbao.simulations.forms import parameter_field

    told = Parameter("open", FactType.BOOLEAN, "", Text("开放"), ())
    field = parameter_field(told, ParameterValue(DAY, value=True, region="220100"))
    assert (field.label, field.initial) == ("开放 · 长春市", "true")
    assert (
        parameter_field(Parameter("n", FactType.INTEGER, "person", Text(""), ()), ParameterValue(DAY, 3)).label == "n"
    )


def test_a_version_outside_its_day_is_told_to_reach_nobody(at, actor, row):
    put_variant(
        simulation=row, number=None, name="太早", version=VERSION, day=date(2014, 1, 1), changes={}, actor=actor
    )
    client = at(actor)
    client.post(f"{HOME}{row.key}/run/")
    assert "“太早”在所设日期不在有效期内" in text(client.get(f"{HOME}{row.key}/"))


def test_a_version_that_is_withdrawn_while_one_begins_is_refused_beside_its_field(at, actor, monkeypatch):
    from chuangbao.simulations.views import simulations as views

    def withdrawn(**_given):
        raise Refused("no_version", "不再有", field="version")

    monkeypatch.setattr(views, "begin_simulation", withdrawn)
    given = {"title": "我的模拟", "version": VERSION, "day": "2015-06-30"}
    answer = at(actor).post(f"{HOME}about/{REF}/", given)
    assert answer.status_code == 422
    assert "不再有" in text(answer)


def test_a_switch_of_a_version_is_kept_as_it_is_chosen(at, actor):
    from chuangbao.rules.writing import read_measure_text
    from chuangbao.simulations.forms import VariantForm

    reading = read_measure_text(SWITCHED, current_pack())
    given = {"measure": reading.measure, "version": reading.version, "on": DAY, "pack": current_pack()}
    form = VariantForm({"name": "x", "p-open-": "false", "c-open": "open", "region": "220000",
                        "valid_from": "2015-01-01"}, **given)  # fmt: skip
    assert form.is_valid(), form.errors
    assert form.changes() == {"parameters": {"open": {"": "false"}}}


SWITCHED = """
id: small
title: {zh: 小, en: Small}
subject: enterprise
region: '220000'
versions:
- version: V1
  title: {zh: 一, en: One}
  valid: {from: 2015-01-01, to: null}
  parameters:
    open: {type: boolean, label: {zh: 开, en: Open}, values: [{from: 2015-01-01, value: true}]}
  conditions:
  - {id: open, zh: 开, en: Open, when: open}
  benefit: {kind: right, unit: none}
"""


def test_groups_have_names():
    from chuangbao.simulations.results import group_words

    assert [group_words("founder_kind", k) for k in ("veteran", "other", "x")] == ["退役军人", "其他创业者", "x"]
    assert group_words("industry", "industrial") == "工业"
    assert group_words("size", None) == "未知"
    assert [group_words("county", k) for k in ("220100/220102", "220200/220200")] == ["长春市 · 南关区", "吉林市"]
    assert group_words("county", "220300/220381") == "四平市 · 公主岭市"  # where it lay on the day asked about


def test_the_workbench_leads_here():
    from chuangbao.core.workbench import mine_of

    assert "政策模拟" in [way.title for _heading, ways in mine_of(factories.officer("supervisor")) for way in ways]
    assert "政策模拟" not in [way.title for _heading, ways in mine_of(factories.officer("register")) for way in ways]


def test_the_list_takes_the_same_number_of_queries_however_long(at, actor, row):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, counts = at(actor), []
    client.get(HOME)
    for _round in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get(HOME)
        counts.append(len(queries))
        begin_simulation(measure=REF, version=VERSION, title="又一个", day=DAY, actor=actor)
    assert counts[0] == counts[1]


def test_every_page_is_wholly_chinese(at, actor, row):
    client = at(actor)
    example = begin_ceiling_example(actor=actor)
    unscoped(Simulation, because="a test").filter(pk=example.pk).update(budget=1000)
    client.post(f"{HOME}{example.key}/run/")
    for address in (
        HOME, f"{HOME}?q=企业", f"{HOME}about/{REF}/", f"{HOME}{row.key}/", f"{HOME}{example.key}/",
        f"{HOME}{row.key}/variants/new/", f"{HOME}{example.key}/variants/2/",
    ):  # fmt: skip
        page = text(client.get(address))
        main = page[page.index("<main") : page.index("</main>")]
        main = re.sub(r"<(script|style|code|pre|option|textarea)[^>]*>.*?</\1>", "", main, flags=re.DOTALL)
        assert re.findall(r">[^<]*?([A-Za-z]{3,}(?: [A-Za-z]+){2,})", main) == [], address
