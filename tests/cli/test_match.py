"""The command line judges exactly, and wrong input ends with status 2 and the nearest right name."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
import typer
from django.utils.translation import override
from typer.testing import CliRunner

from chuangbao.cli import document, explain, match, pack
from chuangbao.cli.inputs import pack_folder, read_pack
from chuangbao.cli.words import cite_clause, name_fact, name_value, say_figure
from chuangbao.core.localization.formatting import quantity
from chuangbao.rules.units import unit_in

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

app = typer.Typer()
app.command("match", context_settings=match.CONTEXT)(match.match)
app.command("explain")(explain.explain)
app.add_typer(pack.app, name="pack")
app.add_typer(document.app, name="document")

MEASURE = """\
id: 1.1-tax
title: {zh: 减税, en: Tax relief}
subject: enterprise
region: "100000"
clauses: []
versions:
  - version: TAX-2014
    title: {zh: 旧版, en: Old}
    valid: {from: 2014-01-01, to: 2014-12-31}
    conditions:
      - {id: income, zh: 所得不超过十万, en: Income, when: "taxable_income <= 100000"}
    benefit: {kind: tax, unit: CNY/year, amount: "taxable_income * 0.15"}
  - version: TAX-2015
    title: {zh: 新版, en: New}
    valid: {from: 2015-01-01, to: 2015-12-31}
    confirmed: true
    conditions:
      - {id: income, zh: 所得不超过二十万, en: Income, when: "taxable_income <= 200000"}
    benefit: {kind: tax, unit: CNY/year, amount: "taxable_income * 0.15"}
    checks: [{zh: 行业由税务机关核对, en: The tax office checks the industry}]
"""
FACTS = """\
- {name: taxable_income, subject: enterprise, type: money, unit: CNY, label: {zh: 所得, en: Income}, question: {zh: 多少？, en: "How much?"}}
"""
REGIONS = """\
code,name,name_en,level,parent,from,to,reports_to,statistical_only,has_code
100000,全国,China,nation,,,,,false,true
220000,吉林省,Jilin,province,100000,,,,false,true
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A pack with one measure, named by the environment."""
    root = tmp_path / "地区 包"
    for name, text in {
        "pack.yaml": 'id: t\ntitle: {zh: 包, en: Pack}\nregion: "220000"\nseed: ""\n',
        "regions.csv": REGIONS,
        "facts/facts.yaml": FACTS,
        "measures/tax.yaml": MEASURE,
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    monkeypatch.setenv("CHUANGBAO_PACK", str(root))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return root


def run(facts: Path | str, *more: str, command: str = "match", as_of: str = "2015-12-31") -> Result:
    """Run a command over a file of facts, or over text on standard input."""
    text = facts if isinstance(facts, str) else None
    where = "-" if isinstance(facts, str) else str(facts)
    words = [command, *more[:1], "--facts", where, "--as-of", as_of] if command == "explain" else []
    return CliRunner().invoke(app, words or [command, "--facts", where, "--as-of", as_of, *more], input=text)


@pytest.mark.usefixtures("folder")
def test_json_holds_exact_text_for_every_figure() -> None:
    done = run('{"taxable_income": 200000.00}', "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert found["as_of"] == "2015-12-31"
    (result,) = found["results"]
    assert (result["measure"], result["version"], result["status"]) == ("1.1-tax", "TAX-2015", "eligible")
    assert result["amount"] == "30000.00"
    assert result["conditions"][0]["verdict"] is True
    assert result["missing"] == []


@pytest.mark.usefixtures("folder")
def test_one_cent_above_is_not_eligible_and_says_by_how_much() -> None:
    (result,) = json.loads(run('{"taxable_income": 200000.01}', "--json").stdout)["results"]
    assert (result["status"], result["amount"]) == ("not_eligible", None)
    assert result["conditions"][0]["distance"] == "0.01"


@pytest.mark.usefixtures("folder")
def test_several_measures_after_one_flag_and_versions_whatever_the_day() -> None:
    done = run("{}", "--json", "--measure", "TAX-2014", "1.1-tax")
    found = json.loads(done.stdout)["results"]
    assert [r["version"] for r in found] == ["TAX-2014", "TAX-2015"]
    assert found[0]["missing"] == ["taxable_income"]
    again = json.loads(run("{}", "--json", "--measure", "TAX-2014", "--measure", "1.1-tax").stdout)["results"]
    assert again == found


WRONG = {
    "unknown fact": ('{"taxable_incom": 1}', (), "taxable_income"),
    "wrong type": ('{"taxable_income": "much"}', (), "taxable_income"),
    "not a number": ('{"taxable_income": NaN}', (), "NaN is not a number"),
    "twice": ('{"taxable_income": 1, "taxable_income": 2}', (), "given twice"),
    "list": ("[1]", (), "one JSON object"),
    "broken": ("{", (), "not JSON"),
    "unknown measure": ("{}", ("--measure", "TAX-2051"), "did you mean TAX-2015?"),
    "nothing like it": ("{}", ("--measure", "zzzz"), "no measure or version 'zzzz'"),
    "stray word": ("{}", ("TAX-2015",), "follow --measure"),
    "no pack": ("{}", ("--pack", "nowhere"), "no pack.yaml"),
}


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("name", WRONG)
def test_wrong_input_ends_with_status_2_and_a_way_to_mend_it(name: str) -> None:
    text, more, message = WRONG[name]
    done = run(text, "--json", *more)
    assert done.exit_code == 2, done.output
    assert message in done.stderr
    assert done.stdout == ""


@pytest.mark.usefixtures("folder")
def test_wrong_days_and_files(tmp_path: Path) -> None:
    assert "no calendar day" in run("{}", as_of="2015-13-01").stderr
    assert "no version in force on 2016-01-01" in run("{}", "--measure", "1.1-tax", as_of="2016-01-01").stderr
    assert run(tmp_path / "none.json").exit_code == 2
    (tmp_path / "gb.json").write_bytes('{"减": 1}'.encode("gb18030"))
    assert "not UTF-8" in run(tmp_path / "gb.json").stderr


@pytest.mark.usefixtures("folder")
def test_the_tables_for_people() -> None:
    assert "TAX-2015" in run('{"taxable_income": 100}').output
    told = run('{"taxable_income": 200001}', "TAX-2015", command="explain").output
    assert "✗ 所得不超过二十万" in told
    assert "¥200,001.00 <= ¥200,000.00  (差 ¥1.00)" in told
    assert "人工核对: 行业由税务机关核对" in told


def test_explain_shows_a_share_in_percent_codes_by_label_and_clauses_as_printed() -> None:
    facts = '{"state_unit": true, "mode": "license", "agreed_share": 0.69, "unit_rule_share": null, "transfer_net_income": 1000000}'
    told = run(facts, "2.2.4-share-jl-70", command="explain", as_of="2016-06-30").output
    assert "二、（二）" in told.replace("\n", "")
    assert not re.search(r"\b2\.2\.4\b(?!-)", told)
    assert "暂不符合 (not_eligible)" in told
    assert "待补 missing" not in told
    told = run("{}", "2.6.1-loan-jl-int", command="explain", as_of="2023-11-01").output
    assert "贷款利率 (loan_rate)" in told.replace("\n", "")


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        ("0.03", "ratio", "3%"), ("4.5", "%", "4.5%"), ("-2000", "CNY", "−¥2,000.00"), ("0.001", "CNY", "¥0.001"),
        ("5", "CNY/year", "每年¥5.00"), ("2016", "calendar_year", "2016"), ("3", "person", "3人"), ("7", None, "7"),
        ("2", "furlong", "2 furlong"),
    ],
)  # fmt: skip
def test_a_figure_is_printed_with_its_unit(value: str, unit: str | None, words: str) -> None:
    assert say_figure(Decimal(value), unit) == words


def test_figures_are_printed_as_the_pages_show_them() -> None:
    known = read_pack(pack_folder(None))
    with override("zh-hans"):
        for unit in {unit_in(fact) for fact in known.facts.values()} | {"CNY/month", "CNY/quarter", "hour", "desk"}:
            pages = quantity(Decimal("12.5"), unit)
            assert say_figure(Decimal("12.5"), unit).replace(" ", "") == pages.replace(" ", "")


def test_values_and_clauses_are_printed_in_words() -> None:
    known = read_pack(pack_folder(None))
    fact = next(f for f in known.facts.values() if f.codes)
    code = known.codes[fact.codes].codes[0]
    assert name_value(known, fact.name, (code.code, "unheard")) == f"{code.label.zh}、unheard"
    assert [name_value(known, None, v) for v in (None, True, False, date(2016, 1, 2), ())] == [
        "—", "是", "否", "2016-01-02", "—",
    ]  # fmt: skip
    assert name_fact(known, "unheard") == "unheard"
    assert cite_clause(known, "9.9.9") == "资料库中没有的条款"


def test_pack_check_and_export(folder: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["pack", "check", str(folder), "--json"])
    assert done.exit_code == (0 if json.loads(done.stdout)["ok"] else 1)
    once, again = tmp_path / "once", tmp_path / "again"
    assert CliRunner().invoke(app, ["pack", "export", str(folder), "--out", str(once)]).exit_code == 0
    assert CliRunner().invoke(app, ["pack", "export", str(once), "--out", str(again)]).exit_code == 0
    files = sorted(p.relative_to(once) for p in once.rglob("*") if p.is_file())
    assert files == sorted(p.relative_to(folder) for p in folder.rglob("*") if p.is_file())
    assert all((once / p).read_bytes() == (again / p).read_bytes() for p in files)
    assert CliRunner().invoke(app, ["pack", "export", str(folder), "--out", str(once)]).exit_code == 2
    (folder / "measures/tax.yaml").write_text(
        MEASURE.replace("taxable_income <= 200000", "taxable_incom <= 1"), encoding="utf-8"
    )
    broken = CliRunner().invoke(app, ["pack", "check", str(folder)])
    assert broken.exit_code == 1
    assert "taxable_income" in broken.output
    assert run("{}").exit_code == 2
    assert CliRunner().invoke(app, ["pack", "check", str(tmp_path / "no")]).exit_code == 2


def test_no_command_of_the_rules_imports_the_web_framework() -> None:
    code = "import sys; import chuangbao.cli.match, chuangbao.cli.explain, chuangbao.cli.pack, chuangbao.cli.document; "
    code += "import chuangbao.rules; print([m for m in sys.modules if m.split('.')[0] in {'django', 'rich'}])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
