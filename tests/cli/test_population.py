"""A file of facts in, who is entitled to what out; a broken run goes on where it stopped."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import date
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import minipack
import polars as pl
import pytest
import typer
from typer.testing import CliRunner

from chuangbao.cli import population
from chuangbao.rules import Engine, load_pack
from chuangbao.rules.batch import work
from chuangbao.rules.batch.judge import Judge
from chuangbao.rules.batch.plan import Planner
from chuangbao.rules.batch.snapshot import Snapshot

if TYPE_CHECKING:
    from click.testing import Result

app = typer.Typer()
app.add_typer(population.app, name="population")
ROWS = {
    "subject": ["甲", "乙", "丙", "丁"],
    "taxable_income": [100000.0, 200000.01, None, 33.37],
    "employees": [5, 80, 6, None],
    "industry_kind": ["other", "工业", "other", "other"],
    "insured": [True, True, False, None],
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    pl.DataFrame(ROWS).write_parquet(tmp_path / "facts.parquet")
    minipack.build(tmp_path / "pack")
    return tmp_path


def run(folder: Path, *more: str, file: str = "facts.parquet") -> Result:
    line = ["population", "match", str(folder / file), "--pack", str(folder / "pack"), "--as-of", "2015-06-30"]
    return CliRunner().invoke(app, [*line, *more])


def test_totals_are_counted_and_summed_to_the_cent(folder: Path) -> None:
    result = run(folder, "--json")
    found = json.loads(result.stdout)
    assert (result.exit_code, found["subjects"], found["rejudged"], found["row_by_row"]) == (0, 4, 0, [])
    assert len(found["snapshot"]) == len(found["pack"]) == 64
    assert [
        (m["version"], m["eligible"], m["not_eligible"], m["undetermined"], m["amount"]) for m in found["measures"]
    ] == [
        ("OPEN-2015", 0, 0, 4, "0.00"),
        ("SUB-2015", 2, 1, 1, "42500.00"),
        ("TAX-2015", 1, 1, 2, "15000.00"),
    ]
    exact = json.loads(run(folder, "--json", "--engine", "exact").stdout)
    assert exact["rejudged_share"] == 1
    assert [m | {"rejudged": 0} for m in exact["measures"]] == found["measures"]


def test_a_table_shows_the_same(folder: Path) -> None:
    shown = run(folder).stdout
    assert "SUB-2015" in shown
    assert "4 subjects" in shown
    assert "0.0000% judged again exactly" in shown


def test_hits_say_who_is_entitled_to_what_and_what_decided(folder: Path) -> None:
    out = folder / "hits.parquet"
    assert run(folder, "--out", str(out)).exit_code == 0
    hits = pl.read_parquet(out).with_columns(pl.col(pl.Categorical).cast(pl.String))
    assert hits.schema["amount"] == pl.Decimal(38, 2)
    assert hits.filter(pl.col("version") == "TAX-2015").rows() == [
        ("甲", "1.1-tax", "TAX-2015", "eligible", Decimal("15000.00"), Decimal("15000.00"), None),
        ("丙", "1.1-tax", "TAX-2015", "undetermined", None, None, "income"),
        ("丁", "1.1-tax", "TAX-2015", "undetermined", Decimal("5.01"), None, "staff"),
    ]
    assert run(folder, "--out", str(out), "--all", "--measure", "TAX-2015", "1.3-open").exit_code == 0
    hits = pl.read_parquet(out).with_columns(pl.col(pl.Categorical).cast(pl.String))
    assert hits.height == 8
    assert ("乙", "1.1-tax", "TAX-2015", "not_eligible", None, None, "income") in hits.rows()
    assert not list(folder.glob("*.parts"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--measure", "1.1-tx"], "did you mean 1.1-tax?"),
        (["--all"], "--all: there is no file to write to"),
        (["--engine", "duckdb"], "--engine: there is no 'duckdb'"),
        (["--kind", "firm"], "--kind: there is no 'firm'"),
        (["rest"], "unexpected argument 'rest'"),
    ],
)  # fmt: skip
def test_a_wrong_question_ends_with_status_2(folder: Path, arguments: list[str], message: str) -> None:
    result = run(folder, *arguments)
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_bad_file_ends_with_status_2_and_every_problem(folder: Path) -> None:
    out = folder / "hits.parquet"
    bad = ROWS | {"subject": ["甲", "甲", "丙", "丁"], "industry_kind": ["others", "x", "other", None]}
    pl.DataFrame(bad).write_parquet(folder / "facts.parquet")
    result = run(folder, "--out", str(out))
    assert result.exit_code == 2
    assert "subject: 2 rows: an id comes more than once: 甲" in result.stderr
    assert "industry_kind: 2 rows: the code is not in the list industry_kind" in result.stderr
    assert not out.exists()
    assert not list(folder.glob("*.parts"))
    assert run(folder).exit_code == 2
    assert run(folder, file="nowhere.parquet").exit_code == 2


def test_a_kind_of_subject_and_progress(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(population, "SLOW", 1)
    result = run(folder, "--kind", "person", "--json")
    assert json.loads(result.stdout)["measures"] == []
    assert json.loads(result.stdout)["rejudged_share"] == 0
    assert result.stderr == "4 / 4\n"


def test_one_by_one_is_told(folder: Path) -> None:
    minipack.build(
        folder / "pack", (minipack.OPEN_FILE, '"open_for_all"', '"(SELECT COUNT(DISTINCT age) FROM hires) > 1"')
    )
    rows = "- rows: hires\n  subject: enterprise\n  label: {zh: 招用}\n  columns: [{name: age, type: integer, label: {zh: 年龄}}]\n"
    (folder / "pack" / "rows.yaml").write_text(rows, encoding="utf-8")
    pl.DataFrame({"subject": ["甲"], "hires": [[{"age": 1}, {"age": 2}]]}).write_parquet(folder / "facts.parquet")
    assert "one by one: OPEN-2015" in run(folder).stdout


def many(folder: Path, number: int) -> Path:
    path = folder / "many.parquet"
    ids = pl.int_range(number, eager=True)
    frame = pl.DataFrame({"subject": ids, "employees": ids % 90, "insured": ids % 3 == 0, "taxable_income": ids * 0.37})
    frame.with_columns(industry_kind=pl.lit("other")).write_parquet(path)
    return path


class StopError(Exception):
    """The machine goes down."""


def test_a_run_broken_at_any_partition_ends_with_the_same_bytes(folder: Path) -> None:
    engine = Engine(load_pack(folder / "pack"))
    path, out = many(folder, 100), folder / "hits.parquet"

    def match(stop: int, size: int = 30) -> work.Totals:
        def told(done: int, of: int) -> None:
            assert of == 100
            if done >= stop:
                raise StopError

        judge = Judge(Planner(engine, date(2015, 6, 30)), detail=True)
        return work.match(Snapshot(path, engine.pack, size=size), judge, out, told=told)

    whole = match(999)
    expected = out.read_bytes()
    for stop in (30, 60, 90, 100):
        out.unlink()
        with pytest.raises(StopError):
            match(stop)
        assert not out.exists()
        again = match(999)
        assert out.read_bytes() == expected
        assert (again.subjects, again.pairs, again.measures) == (100, 300, whole.measures)
    with pytest.raises(StopError):
        match(60, size=50)
    match(999)
    assert out.read_bytes() == expected


def test_a_killed_process_goes_on_at_its_partition(folder: Path) -> None:
    path, out = many(folder, 300_000), folder / "hits.parquet"
    line = [sys.executable, "-m", "chuangbao", "population", "match", str(path), "--pack", str(folder / "pack")]
    line += ["--as-of", "2015-06-30", "--out", str(out), "--all", "--json"]
    source = str(Path(__file__).parents[2] / "src")
    environment = os.environ | {"PYTHONPATH": source}
    process = subprocess.Popen(line, env=environment, stdout=subprocess.DEVNULL)
    first = folder / "hits.parquet.parts" / "000000.json"
    while not first.exists() and process.poll() is None:
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert first.exists()
    again = subprocess.run(line, env=environment, check=True, capture_output=True)
    resumed = out.read_bytes()
    straight = subprocess.run(line, env=environment, check=True, capture_output=True)
    assert out.read_bytes() == resumed
    assert json.loads(again.stdout)["measures"] == json.loads(straight.stdout)["measures"]


def test_spark_says_what_it_needs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setattr(population, "find_spec", lambda _: None)
    assert "pyspark is not installed" in run(folder, "--engine", "spark").stderr
    monkeypatch.setattr(population, "find_spec", lambda _: object())
    monkeypatch.setattr(population.shutil, "which", lambda _: None)
    assert "there is no Java" in run(folder, "--engine", "spark").stderr
    monkeypatch.setattr(population.shutil, "which", lambda name: name)
    (folder / "hits.parquet").mkdir()
    assert "is there already" in run(folder, "--engine", "spark", "--out", str(folder / "hits.parquet")).stderr
    assert "Parquet files only" in run(folder, "--engine", "spark", file="facts.csv").stderr


FEW_ROWS = (
    '--driver-java-options "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC" --conf spark.sql.shuffle.partitions=2'
    " --conf spark.ui.enabled=false pyspark-shell"
)
"""For a machine of Java that starts once and computes little; a session that runs already is taken as it is."""


@pytest.mark.skipif(find_spec("pyspark") is None or shutil.which("java") is None, reason="needs pyspark and Java")
def test_spark_counts_and_lists_what_columns_do(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYSPARK_SUBMIT_ARGS", FEW_ROWS)
    columns, spark = (
        json.loads(run(folder, "--json", "--engine", e, "--out", str(folder / e), "--all").stdout)
        for e in ("columns", "spark")
    )
    counted = [[m | {"rejudged": 0} for m in found["measures"]] for found in (columns, spark)]
    assert counted[0] == counted[1]
    told, listed = (
        pl.read_parquet(path).with_columns(pl.all().cast(pl.String)).sort("subject", "version").rows()
        for path in (folder / "columns", folder / "spark" / "*.parquet")
    )
    assert told == listed
    assert told
