"""The program as it is installed: outside the checkout, with everything it needs beside its code."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from pglinks import named

ROOT = Path(__file__).parents[2]
PAGES = """
import json
import django
django.setup()
from django.conf import settings
from django.test import Client
client = Client(SERVER_NAME='localhost')
def get(path):
    answer = client.get(path)
    body = b"".join(answer) if answer.streaming else answer.content
    return [answer.status_code, body.decode()]
pages = {path: get(path) for path in ("/", "/static/vendor/tabler.min.css", "/static/vendor/echarts.min.js",
                                      "/static/ui/shell.js", "/policies/")}
print(json.dumps({"pages": pages, "data": str(settings.DATA_DIR), "pack": str(settings.PACK_DIR)}))
"""
CARRY = "import sys; sys.path.insert(0, 'tools'); import carry; carry.carry(carry.Path(sys.argv[1]))"
COMMAND = "import sys; sys.path.insert(0, 'tools'); import prepare; prepare.install_command(prepare.Path(sys.argv[1]))"


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """What a wheel unpacks: the code, and what ``setup.py`` lets it carry."""
    site = tmp_path_factory.mktemp("site packages")
    shutil.copytree(ROOT / "src" / "chuangbao", site / "chuangbao",
                    ignore=lambda _at, names: [n for n in names if "." in n and not n.endswith(".py")])  # fmt: skip
    command = [sys.executable, "-c", CARRY, str(site)]  # fmt: skip
    subprocess.run(command, cwd=ROOT, check=True, env={**os.environ, "PYTHONPATH": ""})
    return site


@pytest.fixture
def run(installed, tmp_path):
    """A command of the installed program, from an empty folder of a user with nothing in it."""

    def answer(*arguments, **settings):
        room = {k: v for k, v in os.environ.items() if not k.startswith(("CHUANGBAO_", "COVERAGE_", "XDG_"))}
        room |= {"PYTHONPATH": str(installed), "HOME": str(tmp_path / "home"), **settings}
        command = [sys.executable, "-W", "ignore", *arguments]
        return subprocess.run(command, env=room, cwd=tmp_path, capture_output=True, text=True, check=False)

    return answer


def test_it_carries_no_source_of_translations_and_few_icons(installed):
    carried = installed / "chuangbao"
    assert not list(carried.rglob("*.po"))
    assert len(list(carried.rglob("*.svg"))) < 1000
    assert (carried / "carried" / "node_modules" / "echarts" / "LICENSE").is_file()


def test_it_judges_by_the_pack_it_carries_without_a_database(run, tmp_path):
    (tmp_path / "facts.json").write_text('{"employees_avg": 8}', encoding="utf-8")
    done = run("-m", "chuangbao", "match", "--facts", "facts.json", "--as-of", "2026-01-01", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["results"]


def test_it_serves_its_pages_in_chinese_and_writes_into_the_users_own_folder(
    run, installed, tmp_path, transactional_db
):
    settings = {"DATABASE_URL": named(connection.settings_dict["NAME"]),
                "DJANGO_SETTINGS_MODULE": "chuangbao.config.settings"}  # fmt: skip
    done = run("-c", PAGES, **settings)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert [status for status, _words in told["pages"].values()] == [200] * 5
    home = told["pages"]["/"][1]
    assert "政策" in home
    assert "<path" in home  # an icon of the package, not the circle that stands in for one
    assert told["data"] == str(tmp_path / "home" / ".local" / "share" / "chuangbao")
    assert Path(told["pack"]).is_relative_to(installed)
    assert not (installed / "var").exists()


def test_the_checkouts_environment_has_the_command(tmp_path):
    """From a folder with blanks, as ``make run`` leaves it."""
    environment = tmp_path / "an environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", "--system-site-packages", environment], check=True)
    command = [sys.executable, "-c", COMMAND, str(environment)]  # fmt: skip
    subprocess.run(command, cwd=ROOT, check=True)
    theirs = os.pathsep.join(path for path in sys.path if "site-packages" in path)
    room = {**os.environ, "PYTHONPATH": theirs}
    said = subprocess.run(
        [environment / "bin" / "chuangbao", "audit", "--help"],
        env=room,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr
    assert "chuangbao audit [OPTIONS]" in said.stdout
    where = [environment / "bin" / "python", "-c", "import chuangbao; print(chuangbao.__file__)"]
    assert str(ROOT) in subprocess.run(where, env=room, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
