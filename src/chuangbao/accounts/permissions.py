"""Who may do what with people, organisations and posts; one predicate per verb."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.permissions import about_row, holds, in_capacity, in_scope, not_in_own_cause, signed_in

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor

__all__ = [
    "acts_for",
    "is_administrator",
    "is_officer",
    "may_administer",
    "may_audit",
    "may_confirm_duty",
    "may_correct_organisation",
    "may_decide_claim",
    "may_dissolve",
    "may_found_organisation",
    "may_keep_office",
    "may_manage_members",
    "may_manage_security",
    "may_see_area",
    "may_see_own_data",
    "may_verify_organisation",
]


@about_row
def acts_for(actor: Actor, organisation: Any) -> bool:
    """Acting for this very organisation."""
    return actor.organisation_id == organisation.pk


@about_row
def own(actor: Actor, person: Any) -> bool:
    """The person themselves."""
    return actor.person_id == person.pk


@about_row
def no_agency(_actor: Actor, row: Any) -> bool:
    """Whether an organisation, or that of a claim, is none that gives posts; administrators keep agencies."""
    return getattr(row, "organisation", row).kind != "agency"


@about_row
def about_another(actor: Actor, row: Any) -> bool:
    """A person, or a duty of a person, who is not the actor."""
    return actor.person_id != getattr(row, "person_id", row.pk)


is_officer = in_capacity(Capacity.OFFICER)
may_see_area = is_officer & holds("register", "supervisor")  # organisations of the area and who belongs to them
may_found_organisation = signed_in
may_see_own_data = signed_in & own
may_manage_members = in_capacity(Capacity.MEMBER) & holds("owner", "manager") & acts_for
may_correct_organisation = may_manage_members
may_dissolve = in_capacity(Capacity.MEMBER) & holds("owner") & acts_for
may_verify_organisation = is_officer & holds("register") & in_scope & not_in_own_cause & no_agency
may_decide_claim = may_verify_organisation
may_keep_office = is_officer & holds("register") & in_scope  # the directory of offices of the area
may_administer = in_capacity(Capacity.SYSTEM_ADMIN)  # 系统管理员: people and posts
may_manage_security = in_capacity(Capacity.SECURITY_ADMIN)  # 安全管理员: rights and limits
may_audit = in_capacity(Capacity.AUDIT_ADMIN)  # 审计管理员: reads the record, changes nothing
is_administrator = may_administer | may_manage_security
may_confirm_duty = is_administrator & about_another  # the second of two persons (双人)
