"""The rows of tenants."""

from chuangbao.tenants.models.agreements import Agreement
from chuangbao.tenants.models.cards import YearCard
from chuangbao.tenants.models.endings import GraduationGround, Handover
from chuangbao.tenants.models.support import Milestone, Service
from chuangbao.tenants.models.talks import Talk
from chuangbao.tenants.models.tenancies import Cohort, Team, Tenancy

__all__ = [
    "Agreement",
    "Cohort",
    "GraduationGround",
    "Handover",
    "Milestone",
    "Service",
    "Talk",
    "Team",
    "Tenancy",
    "YearCard",
]
