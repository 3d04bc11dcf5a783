"""Premises and letters of the demonstration (演示数据): its operator hosts two firms that do not exist."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from chuangbao.accounts.domain.acting import as_member
from chuangbao.accounts.models import Membership
from chuangbao.core.access.row_access import unscoped
from chuangbao.premises.domain.letters import issue_letter, revoke_letter
from chuangbao.premises.domain.premises import open_premise
from chuangbao.premises.models import ConsentLetter, Premise
from chuangbao.spaces.models import Site

__all__ = ["load_demo_letters"]

WHY = "made-up rows of the demonstration"
A_YEAR = timedelta(days=365)
FIRMS = ("演示·春城直播电商有限公司", "演示·春城智能装备有限公司")


@transaction.atomic
def load_demo_letters() -> int:
    """Open a premise with a valid and a revoked letter, and return how many letters there are; once only."""
    rows = unscoped(ConsentLetter, because=WHY).filter(space__is_demo=True)
    member = find_operator()
    if member is None or rows.exists():
        return int(rows.count())
    site = unscoped(Site, because=WHY).filter(space__operator=member.organisation_id, until=None).first()
    if site is None or unscoped(Premise, because=WHY).filter(site=site).exists():
        return 0
    actor = as_member(member)
    premise = open_premise(site=site, room="301室-A12", actor=actor, ceiling=30)
    until = timezone.localdate() + A_YEAR
    for firm in FIRMS:
        letter = issue_letter(premise=premise, licensee=firm, valid_until=until, actor=actor, business="演示")
    revoke_letter(letter=letter, actor=actor, reason="演示：无法取得联系")
    return len(FIRMS)


def find_operator() -> Membership | None:
    """Return the membership of the demonstration's person who runs a space."""
    rows = unscoped(Membership, because=WHY).filter(person__is_demo=True, organisation__spaces__is_demo=True)
    return rows.filter(role="owner", ended_at=None).order_by("pk").first()
