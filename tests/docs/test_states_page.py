"""The state diagrams in the documents are those the program runs by."""

from __future__ import annotations

from pathlib import Path

from django.apps import apps
from typer.testing import CliRunner

from chuangbao.cli import app
from chuangbao.cli.docs import states_page
from chuangbao.core.contexts import list_workflows

PAGE = Path(__file__).parents[2] / "docs" / "states.md"


def test_the_page_is_what_the_command_writes(tmp_path):
    assert CliRunner().invoke(app, ["docs", "states", str(tmp_path / "s.md")]).exit_code == 0
    assert PAGE.read_bytes() == (tmp_path / "s.md").read_bytes()


def test_every_row_with_a_life_is_on_the_page():
    used = {id(model.life) for model in apps.get_models() if hasattr(model, "life")}
    assert used
    assert used <= {id(life) for _name, life in list_workflows()}


def test_every_move_is_an_arrow():
    page = states_page()
    for _name, life in list_workflows():
        for move in life.moves:
            for source in move.step.sources:
                assert f"    {source} --> {move.step.target}: {move.verb}\n" in page
