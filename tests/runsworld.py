"""A small province for tests of runs: enterprises with facts in two counties, and somebody who owns one of them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

import factories
from chuangbao.core.engine.current import current_pack
from chuangbao.core.jobs.jobs import carry_out
from chuangbao.facts.domain.subjects import subject_of_organisation
from chuangbao.facts.domain.values import columns
from chuangbao.facts.models import Fact, Source
from chuangbao.matching.domain.starting import start_run

MEASURE = "2.6.3-small-profit"
SMALL = {
    "industry_kind": "other", "restricted_industry": False, "is_resident_enterprise": True, "audit_collection": True,
    "taxable_income": 860000, "employees_avg": 18, "assets_avg": 4200000, "registered_on": timezone.localdate,
}  # fmt: skip
LARGE = SMALL | {"employees_avg": 301}
OPEN = {name: value for name, value in SMALL.items() if name != "employees_avg"}


def firm(facts, *, region=factories.COUNTY, **more):
    """A subject with facts that a register told."""
    subject = subject_of_organisation(factories.organisation(region=region, **more))
    tell(subject, facts)
    return subject


def tell(subject, facts, *, days=10):
    """More facts of a subject."""
    pack, day = current_pack(), timezone.localdate() - timedelta(days=days)
    Fact.objects.bulk_create(
        Fact(
            subject=subject, name=name, as_of=day, source=Source.REGISTER, register="税务",
            **columns(pack, pack.facts[name], value() if callable(value) else value),
        )
        for name, value in facts.items()
    )  # fmt: skip


def run(actor=None):
    """Start a run and carry it out as the worker does."""
    made = start_run(actor=actor or factories.officer("supervisor", region=factories.PROVINCE))
    carry_out(made.job_id)
    made.refresh_from_db()
    made.job.refresh_from_db()
    assert made.job.stage == "done", made.job.message
    return made


def yuan(cents):
    return Decimal(cents).scaleb(-2)
