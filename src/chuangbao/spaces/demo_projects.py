"""Streets and parks of the demonstration (演示数据), in the places of the spaces of the demonstration.

Three of the nine regions that have an order (3.2.1, 3.2.2) have none, so that a list of what is missing is not empty.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from chuangbao.core.access.row_access import unscoped
from chuangbao.core.engine.regions import covered_regions
from chuangbao.spaces.demo import load_demo_spaces
from chuangbao.spaces.enums import MemberStage, ProjectKind, ProjectStage, SpaceStage
from chuangbao.spaces.models import Project, ProjectMember, ProjectMilestone, Space

__all__ = ["load_demo", "load_demo_projects"]

WHY = "made-up rows of the demonstration"
STARTED, OPENED = date(2016, 5, 1), date(2017, 9, 1)
LIST = (
    (ProjectKind.STREET, "演示·长春创业孵化一条街", "220100", "", "", 4),
    (ProjectKind.PARK, "演示·白山专业型孵化园区", "220600", "演示·矿泉水", "15", 4),
    (ProjectKind.STREET, "演示·吉林创业孵化一条街", "220200", "", "", 6),
    (ProjectKind.STREET, "演示·延边创业孵化一条街", "222400", "", "", 5),
    (ProjectKind.PARK, "演示·四平专业型孵化园区", "220300", "演示·农机装备", "35", 3),
    (ProjectKind.PARK, "演示·松原专业型孵化园区", "220700", "演示·农产品加工", "13 14", 0),
)
"""Kind, name, region, industry with its codes of GB/T 4754, and how many members; one without is in preparation."""


def load_demo() -> None:
    """Make the spaces of the demonstration, then the projects that they belong to."""
    load_demo_spaces()
    load_demo_projects()


@transaction.atomic
def load_demo_projects() -> int:
    """Make the projects where there are none, and return how many there are; running it again changes nothing."""
    rows = unscoped(Project, because=WHY).filter(is_demo=True)
    if rows.exists():
        return rows.count()
    for kind, name, region, industry, codes, members in LIST:
        project = Project.objects.create(
            kind=kind,
            name=name,
            region_id=region,
            industry=industry,
            industry_codes=codes,
            introduction="演示数据：并不存在这样的项目。",
            stage=ProjectStage.RUNNING if members else ProjectStage.PLANNED,
            started_on=STARTED if members else None,
            is_demo=True,
            revision=1,
        )
        fill_project(project, members)
    return len(LIST)


def fill_project(project: Project, members: int) -> None:
    """Write milestones and members of a project; what is in preparation is late."""
    done = {"reached_on": OPENED, "evidence": "演示：现场可见"} if members else {}
    ProjectMilestone.objects.create(project=project, title="演示·开街（开园）", due_on=OPENED, **done)
    ProjectMilestone.objects.create(project=project, title="演示·入驻空间满五家", due_on=date(2027, 12, 31))
    spaces = unscoped(Space, because=WHY).filter(is_demo=True, stage=SpaceStage.OPEN)
    for space in spaces.filter(region__in=covered_regions(project.region_id)).order_by("pk")[:members]:
        ProjectMember.objects.create(project=project, space=space, stage=MemberStage.MEMBER, decided_at=timezone.now())
