"""The share of one industry in a specialised park (专业型孵化园区, 3.2.2), by the firms in its member spaces.

Spaces know no firms: a context above says the industries of those that incubate (``add_industries``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chuangbao.core.access.row_access import unscoped
from chuangbao.spaces.enums import MemberStage, SpaceStage
from chuangbao.spaces.models import ProjectMember

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from chuangbao.spaces.models import Project

__all__ = ["IndustryShare", "add_industries", "count_share"]


@dataclass(frozen=True, slots=True)
class IndustryShare:
    """How many firms are in the industry of a park, in others, and in one that is not known well enough."""

    inside: int
    others: int
    unknown: int

    @property
    def total(self) -> int:
        """Of how many firms the industry is known."""
        return self.inside + self.others

    @property
    def percent(self) -> float | None:
        """The share of those inside in those that are known, in per cent; None where none is known."""
        return 100 * self.inside / self.total if self.total else None


LISTERS: list[Callable[[Sequence[int]], Iterable[str]]] = []


def add_industries(function: Callable[[Sequence[int]], Iterable[str]]) -> Callable[[Sequence[int]], Iterable[str]]:
    """Register a function of the ids of spaces that gives the code of GB/T 4754 of each firm that incubates there.

    Each firm is given once; its code has two to four digits, and none where it is not known.
    """
    if function not in LISTERS:
        LISTERS.append(function)
    return function


def count_share(project: Project) -> IndustryShare | None:
    """Count the firms in the open member spaces of a project by its industry; None where it names no code."""
    wanted = project.industry_codes.split()
    if not wanted:
        return None
    members = unscoped(ProjectMember, because="figures of a project, no name is given").filter(
        project=project, stage=MemberStage.MEMBER, space__stage=SpaceStage.OPEN
    )
    spaces = list(members.values_list("space", flat=True))
    codes = [code for function in LISTERS for code in function(spaces)]
    inside = sum(any(code.startswith(one) for one in wanted) for code in codes)
    unknown = sum(not any(map(code.startswith, wanted)) and is_rough(code, wanted) for code in codes)
    return IndustryShare(inside, len(codes) - inside - unknown, unknown)


def is_rough(code: str, wanted: Sequence[str]) -> bool:
    """Whether a code says too little to tell: none, or a division in which only some classes are wanted."""
    return not code or any(one.startswith(code) for one in wanted)
