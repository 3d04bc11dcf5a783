"""A day is the province's day, whatever the machine's clock and PostgreSQL's zone are."""

from __future__ import annotations

import ast
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

import chuangbao
import factories
from chuangbao.cli import app
from chuangbao.core.localization.formatting import day_words
from chuangbao.core.models import History
from chuangbao.facts.domain.subjects import subject_of_organisation
from chuangbao.matching.models import Entitlement, Offer, PopulationRun
from chuangbao.matching.views.people import exported

SOURCE = Path(chuangbao.__file__).parent
LATE = datetime(2026, 11, 26, 17, 0, tzinfo=UTC)
"""One in the morning of the 27th in Changchun."""
MOMENTS = ("_at", "since")


def days_of_the_machine(path):
    """Where a file asks the machine for the day, or takes the day of a moment as UTC counts."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            of = ast.unparse(node.func.value)
            if (node.func.attr, of) in {("today", "date"), ("today", "datetime"), ("utcnow", "datetime")}:
                yield node.lineno
            if node.func.attr in {"date", "strftime"} and of.endswith(MOMENTS):
                yield node.lineno
        if isinstance(node, ast.FormattedValue) and node.format_spec and ast.unparse(node.value).endswith(MOMENTS):
            yield node.lineno


def test_no_source_takes_the_day_of_the_machine():
    found = {
        f"{path.relative_to(SOURCE)}:{line}"
        for path in SOURCE.rglob("*.py")
        if "models" not in path.parts  # what a developer sees of a row
        for line in days_of_the_machine(path)
    }
    assert found == set()


def test_the_search_finds_what_it_is_for(tmp_path):
    path = tmp_path / "planted.py"
    path.write_text("date.today()\nrow.told_at.date()\nf'{row.told_at:%Y-%m-%d}'\ncell.date()\nf'{row.day:%Y}'\n")
    assert sorted(days_of_the_machine(path)) == [1, 2, 3]


def test_the_day_of_a_moment_is_told_as_the_province_counts():
    assert day_words(LATE) == "2026年11月27日"


@pytest.mark.usefixtures("regions")
def test_a_snapshot_without_a_day_is_of_the_provinces_day(monkeypatch, tmp_path):
    monkeypatch.setattr("chuangbao.cli.database.connect_database", lambda _stack: None)
    monkeypatch.setattr("django.utils.timezone.now", lambda: LATE)
    done = CliRunner().invoke(app, ["population", "snapshot", str(tmp_path / "facts.parquet")])
    assert done.exit_code == 0, done.output
    assert History.objects.get(kind="facts.snapshot").data["day"] == "2026-11-27"


@pytest.mark.usefixtures("regions")
def test_a_workbook_tells_the_day_as_the_page_does():
    subject = subject_of_organisation(factories.organisation())
    row = Entitlement(subject=subject, measure="x", status="eligible", since=PopulationRun(day=date(2026, 11, 20)))
    cells = exported(
        {
            "row": row,
            "measure": None,
            "offer": Offer(told_at=LATE),
            "amount": None,
            "payable": None,
            "unit": "",
            "grant": "right",
        }
    )
    assert cells[-4:-2] == [date(2026, 11, 20), date(2026, 11, 27)]
