"""Who may do what with people, organisations and posts; one predicate per verb."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chuangbao.core.access import about_row, holds, in_capacity, in_scope, signed_in
from chuangbao.core.actors import Capacity

if TYPE_CHECKING:
    from chuangbao.core.actors import Actor

__all__ = [
    "acts_for",
    "is_administrator",
    "is_officer",
    "may_administer",
    "may_audit",
    "may_decide_claim",
    "may_found_organisation",
    "may_manage_members",
    "may_manage_security",
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


is_officer = in_capacity(Capacity.OFFICER)
may_found_organisation = signed_in
may_see_own_data = signed_in & own
may_manage_members = in_capacity(Capacity.MEMBER) & holds("owner", "manager") & acts_for
may_verify_organisation = is_officer & holds("register") & in_scope
may_decide_claim = is_officer & holds("register") & in_scope
may_administer = in_capacity(Capacity.SYSTEM_ADMIN)  # 系统管理员: people and posts
may_manage_security = in_capacity(Capacity.SECURITY_ADMIN)  # 安全管理员: rights and limits
may_audit = in_capacity(Capacity.AUDIT_ADMIN)  # 审计管理员: reads the record, changes nothing
is_administrator = may_administer | may_manage_security
