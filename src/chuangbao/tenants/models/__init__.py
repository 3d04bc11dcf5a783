"""The rows of tenants."""

from chuangbao.tenants.models.agreements import Agreement
from chuangbao.tenants.models.support import Milestone, Service
from chuangbao.tenants.models.talks import Talk
from chuangbao.tenants.models.tenancies import Cohort, Team, Tenancy

__all__ = ["Agreement", "Cohort", "Milestone", "Service", "Talk", "Team", "Tenancy"]
