"""Who acts, and for whom (办理身份): a person for themselves, for an organisation, in a post, or the system.

Every verb, every predicate and every scoped read takes an ``Actor``; nothing looks at a request.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from chuangbao.core.engine.regions import covered_regions

__all__ = ["ANONYMOUS", "SYSTEM", "Actor", "Capacity"]


class Capacity(StrEnum):
    """In which capacity one acts (身份)."""

    ANONYMOUS = "anonymous"  # 未登录
    SELF = "self"  # 本人
    MEMBER = "member"  # 机构成员
    OFFICER = "officer"  # 主管部门工作人员
    SYSTEM_ADMIN = "system_admin"  # 系统管理员
    SECURITY_ADMIN = "security_admin"  # 安全管理员
    AUDIT_ADMIN = "audit_admin"  # 审计管理员
    SYSTEM = "system"  # 系统自动办理


@dataclass(frozen=True, slots=True)
class Actor:
    """A person in one capacity.

    ``rights`` are the membership role of a member (owner, manager, clerk) or the duties of a post, as contexts declare
    them; ``region`` is the code of the area a post covers.
    """

    capacity: Capacity = Capacity.ANONYMOUS
    person_id: int | None = None
    name: str = ""
    organisation_id: int | None = None
    organisation_kind: str = ""
    rights: frozenset[str] = field(default_factory=frozenset)
    region: str = ""
    department: str = ""
    """Whose policies an officer writes: the code of the agency's department in the pack's list (主管部门)."""
    holder_id: int | None = None
    """The row that gives the capacity: a membership, a post or a duty."""

    @property
    def signed_in(self) -> bool:
        """Whether a known person acts."""
        return self.person_id is not None

    @property
    def person(self) -> int:
        """The person's id, for verbs that only people who are signed in reach; 0 is no person's."""
        return self.person_id or 0

    @property
    def acting(self) -> str:
        """The capacity as history keeps it: ``self``, ``member:12``, ``officer:4``."""
        return f"{self.capacity}:{self.holder_id}" if self.holder_id else str(self.capacity)

    def holds(self, *rights: str) -> bool:
        """Whether one of the rights is held."""
        return bool(self.rights.intersection(rights))

    def covers(self, region: str) -> bool:
        """Tell whether a region is in the area of the post (县、市、省 by the reporting line)."""
        return self.capacity is Capacity.OFFICER and region in covered_regions(self.region)


ANONYMOUS = Actor()
SYSTEM = Actor(capacity=Capacity.SYSTEM, name="系统")
