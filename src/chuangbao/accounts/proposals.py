"""What of accounts needs two persons: that an organisation is closed or opened again, and who is administrator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from chuangbao.accounts.domain.organisations import settle_standing
from chuangbao.accounts.domain.posts import appoint_administrator, end_duty
from chuangbao.accounts.models import AdminDuty
from chuangbao.accounts.permissions import may_confirm_duty, may_manage_security, may_verify_organisation
from chuangbao.core.workflow.proposals import Deed, declare_deed

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor
    from chuangbao.core.models import Proposal

__all__: list[str] = []


def standing_words(row: Any, proposal: Proposal) -> str:
    """What is proposed about an organisation."""
    words = {"close": _("Close: %(name)s"), "reopen": _("Reopen: %(name)s")}
    return words[proposal.verb] % {"name": row.name}


def change_standing(row: Any, proposal: Proposal, actor: Actor) -> object:
    """Close an organisation, or open it again."""
    return settle_standing(organisation=row, actor=actor, verb=proposal.verb, reason=proposal.reason, proposal=proposal)


def organisation_page(row: Any) -> str:
    """The page of an organisation."""
    return reverse("accounts:organisation", args=[row.pk])


STANDING = Deed(may_verify_organisation, change_standing, organisation_page, standing_words)
declare_deed("accounts.organisation", "close", STANDING)
declare_deed("accounts.organisation", "reopen", STANDING)


def appointment_words(row: Any, proposal: Proposal) -> str:
    """Who would become which administrator."""
    return _("Appoint %(name)s: %(kind)s") % {"name": row, "kind": AdminDuty.Kind(proposal.data["kind"]).label}


def appoint(row: Any, proposal: Proposal, actor: Actor) -> object:
    """Make the person an administrator."""
    return appoint_administrator(actor=actor, email=row.email, kind=proposal.data["kind"], proposal=proposal)


def ending_words(row: Any, _proposal: Proposal) -> str:
    """Whose duty would end."""
    return _("End the duty of %(name)s: %(kind)s") % {"name": row.person, "kind": row.get_kind_display()}


def end(row: Any, proposal: Proposal, actor: Actor) -> object:
    """End the duty."""
    return end_duty(duty=row, actor=actor, reason=proposal.reason, proposal=proposal)


def posts_page(_row: Any) -> str:
    """The page of posts and administrators."""
    return reverse("accounts:posts")


APPOINTMENT = Deed(may_manage_security, appoint, posts_page, appointment_words, may_confirm_duty)
ENDING = Deed(may_manage_security, end, posts_page, ending_words, may_confirm_duty)
declare_deed("accounts.person", "duty.appoint", APPOINTMENT)
declare_deed("accounts.adminduty", "duty.end", ENDING)
