"""A made-up province by one command, its facts as a file by another, and every measure for it by a third."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

import factories
from chuangbao.cli import app, demo
from chuangbao.core.models import History
from chuangbao.facts.domain.stating import state
from chuangbao.facts.domain.subjects import subject_of

pytestmark = pytest.mark.usefixtures("regions")
RUN = CliRunner()


@pytest.fixture(autouse=True)
def this_database(monkeypatch):
    """The commands work on the test's own database."""
    monkeypatch.setattr("chuangbao.cli.database.connect_database", lambda _stack: None)
    monkeypatch.setattr(demo, "connect_database", lambda _stack: None)


def out(*words):
    outcome = RUN.invoke(app, list(map(str, words)))
    assert outcome.exit_code == 0, outcome.output
    return outcome.output


def test_a_province_its_facts_and_what_it_is_entitled_to(tmp_path):
    assert out("demo", "population", "--subjects", 40).startswith("40 made-up enterprises")
    founder = factories.founder()
    state(subject=subject_of(founder), name="was_employed", value=True, actor=founder)
    file = tmp_path / "facts.parquet"
    said = out("population", "snapshot", file)
    assert said.startswith("41 subjects, ")
    assert "1 sensitive ones left out" in said
    record = History.objects.get(kind="facts.snapshot")
    assert record.data["digest"] in said
    found = json.loads(out("population", "match", file, "--as-of", record.data["day"], "--json"))
    assert (found["subjects"], found["snapshot"]) == (41, record.data["digest"])
    assert "sensitive" not in out("population", "snapshot", tmp_path / "then.parquet", "--as-of", "2015-12-31")


def test_it_is_never_made_beside_real_organisations():
    factories.organisation()
    outcome = RUN.invoke(app, ["demo", "population", "--subjects", "5"])
    assert outcome.exit_code == 2
    assert "there are real organisations" in outcome.output
