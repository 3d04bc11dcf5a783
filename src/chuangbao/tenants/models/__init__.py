"""The rows of tenants."""

from chuangbao.tenants.models.talks import Talk
from chuangbao.tenants.models.tenancies import Cohort, Team, Tenancy

__all__ = ["Cohort", "Talk", "Team", "Tenancy"]
