"""Facts of the demonstration (演示数据), about organisations that do not exist."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from chuangbao.accounts.domain.acting import as_member, as_officer
from chuangbao.accounts.models import Membership, Organisation, Post
from chuangbao.core.access.actors import SYSTEM
from chuangbao.facts.domain.awarding import record_award
from chuangbao.facts.domain.stating import dispute, state, verify
from chuangbao.facts.domain.subjects import subject_of_organisation
from chuangbao.facts.models import Fact, Source, Subject

__all__ = ["load_demo_facts"]

SEED = 20150720
GRANTS = (("2024-05-20", "1200"), ("2025-06-18", "900"))
INSURANCE = "演示·社保登记"
OURS = {
    "registered_on": date(2023, 3, 15), "industry": "65", "restricted_industry": False,
    "is_resident_enterprise": True, "audit_collection": True, "taxable_income": 860000, "employees_avg": 18,
    "assets_avg": 4200000, "is_small_scale": True, "month_sales": 95000,
}  # fmt: skip


@transaction.atomic
def load_demo_facts() -> int:
    """State what is missing of the demonstration; how many facts there are. Running it again changes nothing."""
    found = Fact.objects.filter(subject__organisation__is_demo=True)
    if not found.exists():
        many()
        story()
    return found.count()


def many() -> None:
    """A few facts of every enterprise, as a register would give them."""
    dice = random.Random(SEED)  # noqa: S311 - made-up data, the same every time
    firms = Organisation.objects.filter(is_demo=True, kind="enterprise").order_by("pk")
    subjects = Subject.objects.bulk_create(Subject(organisation=firm) for firm in firms)
    day = timezone.localdate() - timedelta(days=60)
    Fact.objects.bulk_create(
        Fact(subject=subject, name=name, as_of=day, source=Source.REGISTER, register=INSURANCE, **column)
        for subject in subjects
        for name, column in facts_of(dice).items()
    )


def facts_of(dice: random.Random) -> dict[str, dict[str, Any]]:
    """What a register knows of one enterprise, by fact and column."""
    return {
        "employees_avg": {"number": Decimal(dice.randint(2, 320))},
        "assets_avg": {"number": Decimal(dice.randint(20, 6000) * 10_000)},
        "registered_on": {"day_value": date(dice.randint(2012, 2025), dice.randint(1, 12), dice.randint(1, 28))},
        "is_hnte": {"flag": dice.random() < 0.1},  # noqa: PLR2004 - one in ten
    }


def story() -> None:
    """One enterprise that is cared for: stated, verified, contradicted, disputed."""
    owner = (
        Membership.objects.filter(organisation__is_demo=True, organisation__kind="enterprise").order_by("pk").first()
    )
    if owner is None:
        return
    actor, subject = as_member(owner), subject_of_organisation(owner.organisation)
    said = {name: state(subject=subject, name=name, value=value, actor=actor) for name, value in OURS.items()}
    state(subject=subject, name="expand_hires", value=2, actor=actor)
    register = state(
        subject=subject, name="expand_hires", value=3, actor=SYSTEM, source=Source.REGISTER, register=INSURANCE
    )  # fmt: skip
    dispute(fact=register, reason="其中一人已离职", actor=actor)
    region, today = owner.organisation.region_id, timezone.localdate()
    post = (
        Post.objects.filter(region=region, duties__contains=["register"], term__contains=today).order_by("pk").first()
    )
    if post is not None:
        verify(fact=said["registered_on"], until=today + timedelta(days=365), actor=as_officer(post))
        verify(fact=said["is_small_scale"], until=today + timedelta(days=20), actor=as_officer(post))
        for day, amount in GRANTS:
            cells = {
                "measure": "patent-fee",
                "subject": owner.organisation.code or "",
                "granted_on": day,
                "amount": amount,
            }
            record_award(cells=cells, actor=as_officer(post))
