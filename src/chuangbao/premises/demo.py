"""Premises and letters of the demonstration (演示数据): its operator hosts five firms that do not exist."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from chuangbao.accounts.domain.acting import as_member
from chuangbao.accounts.models import Membership
from chuangbao.core.access.row_access import unscoped
from chuangbao.premises.domain.files import keep_contact
from chuangbao.premises.domain.letters import issue_letter, revoke_letter
from chuangbao.premises.domain.mail import hand_over_mail, receive_mail
from chuangbao.premises.domain.premises import open_premise
from chuangbao.premises.domain.reaching import note_try, state_lost
from chuangbao.premises.models import ConsentLetter, Premise
from chuangbao.spaces.models import Site

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor
    from chuangbao.premises.models import HostFile

__all__ = ["load_demo_letters"]

WHY = "made-up rows of the demonstration"
A_YEAR = timedelta(days=365)
FIRMS = (
    "演示·春城直播电商有限公司",
    "演示·春城云仓服务有限公司",
    "演示·春城智能装备有限公司",
    "演示·春城文创设计有限公司",
    "演示·春城数据服务有限公司",
)
SAID: dict[str, Any] = {"business": "直播电商、软件开发", "applicant": "演示·某代理机构", "industry_code": "52"}
CONTACT = {"contact": "演示联系人", "phone": "0431-00000000"}
SENDERS = (("official", "演示·某区人民法院", 5), ("ordinary", "演示·某银行支行", 3), ("ordinary", "演示·某供应商", 20))
TRIES = (("phone", 12), ("message", 9), ("visit", 2))


@transaction.atomic
def load_demo_letters() -> int:
    """Open a premise with letters, mail and a firm that is lost, and return how many letters there are; once only."""
    rows = unscoped(ConsentLetter, because=WHY).filter(space__is_demo=True)
    member = find_operator()
    if member is None or rows.exists():
        return int(rows.count())
    site = unscoped(Site, because=WHY).filter(space__operator=member.organisation_id, until=None).first()
    if site is None or unscoped(Premise, because=WHY).filter(site=site).exists():
        return 0
    actor = as_member(member)
    premise = open_premise(site=site, room="301室-A12", actor=actor, ceiling=5)
    until = timezone.localdate() + A_YEAR
    letters = [issue_letter(premise=premise, licensee=firm, valid_until=until, actor=actor, **SAID) for firm in FIRMS]
    add_mail(letters[0].file, actor)
    lose_firm(letters[1].file, actor)
    revoke_letter(letter=letters[2], actor=actor, reason="演示：无法取得联系")
    return len(FIRMS)


def add_mail(file: HostFile, actor: Actor) -> None:
    """Keep a contact, and take in mail: a document that waits too long, mail that waits, and mail handed over."""
    keep_contact(file=file, actor=actor, **CONTACT)
    today = timezone.localdate()
    for kind, sender, days in SENDERS:
        day = today - timedelta(days=days)
        item = receive_mail(file=file, mail_kind=kind, received_on=day, sender=sender, actor=actor)
    hand_over_mail(item=item, left_on=today, handed_to="演示签收人", actor=actor)


def lose_firm(file: HostFile, actor: Actor) -> None:
    """Try to reach a firm by three means, and state to the office that it cannot be reached."""
    keep_contact(file=file, actor=actor, **CONTACT)
    for means, days in TRIES:
        day = timezone.localdate() - timedelta(days=days)
        note_try(file=file, tried_on=day, means=means, is_reached=False, try_note="演示：未回应", actor=actor)
    state_lost(file=file, lost_note="演示：工位已空", actor=actor)


def find_operator() -> Membership | None:
    """Return the membership of the demonstration's person who runs a space."""
    rows = unscoped(Membership, because=WHY).filter(person__is_demo=True, organisation__spaces__is_demo=True)
    return rows.filter(role="owner", ended_at=None).order_by("pk").first()
