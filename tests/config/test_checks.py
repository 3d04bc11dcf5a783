"""Django's own checks and ours find nothing, as every start of the system asks them."""

from __future__ import annotations

from django.core.checks import WARNING, run_checks
from django.core.management import call_command


def test_the_system_checks_find_nothing(db):
    assert [str(found) for found in run_checks() if found.level >= WARNING and not found.is_silenced()] == []


def test_the_models_are_what_the_migrations_make(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
