"""The rows of guidance and inspections."""

from chuangbao.inspections.models.draws import Draw, Exclusion
from chuangbao.inspections.models.notes import GuidanceNote, GuidanceReply
from chuangbao.inspections.models.upgrades import PlanMilestone, UpgradePlan
from chuangbao.inspections.models.visits import Finding, Visit, VisitFile, VisitInspector

__all__ = [
    "Draw",
    "Exclusion",
    "Finding",
    "GuidanceNote",
    "GuidanceReply",
    "PlanMilestone",
    "UpgradePlan",
    "Visit",
    "VisitFile",
    "VisitInspector",
]
