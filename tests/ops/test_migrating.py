"""A new database is made quickly, and is the one that Django makes."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import psycopg
import pytest
from django.db.migrations.state import ProjectState

from chuangbao.ops.migrating import reload_only_what_changed
from pglinks import named

SOME = """
import django; django.setup()
from contextlib import nullcontext
from django.core.management import call_command
from django.db.migrations.state import ModelState
from chuangbao.ops.migrating import reload_only_what_changed
built, render = [], ModelState.render
ModelState.render = lambda state, apps: (built.append(state), render(state, apps))[1]
with {how}():
    call_command("migrate", "accounts", verbosity=0)
print(len(built))
"""
SHAPE = """
    SELECT 'column', table_name, column_name, data_type, is_nullable, column_default, is_generated
        FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid), '', '', ''
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT 'index', tablename, indexname, indexdef, '', '', '' FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid), '', '', ''
        FROM pg_trigger WHERE NOT tgisinternal
"""


def build(how):
    """How many models are built while the migrations of one context run, and the shape of all that they leave."""
    name = f"shape_{how}"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name}")
        server.execute(f"CREATE DATABASE {name}")
        room = {**os.environ, "DATABASE_URL": named(name), "DJANGO_SETTINGS_MODULE": "chuangbao.config.settings"}
        line = [sys.executable, "-W", "ignore", "-c", SOME.format(how=how)]
        done = subprocess.run(line, env=room, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        with psycopg.connect(named(name)) as made:
            shape = {tuple(map(str, row)) for row in made.execute(SHAPE)}
        server.execute(f"DROP DATABASE {name}")
    return int(done.stdout), {tuple(re.sub(r"_[0-9a-f]{8}\b", "", part) for part in row) for row in shape}


@pytest.mark.unmeasured
def test_the_database_is_the_one_that_django_makes_alone():
    (built, shape), (built_by_django, expected) = build("reload_only_what_changed"), build("nullcontext")
    assert shape == expected
    assert len(shape) > 200
    assert built < built_by_django / 2


def test_django_is_left_as_it_was():
    before = ProjectState._find_reload_model
    with pytest.raises(ValueError, match="on the way"), reload_only_what_changed():
        assert ProjectState._find_reload_model is not before
        raise ValueError("on the way")
    assert ProjectState._find_reload_model is before
