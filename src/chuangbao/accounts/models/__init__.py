"""People, organisations, and what ties the ones to the others."""

from chuangbao.accounts.models.organisations import Invitation, Membership, Organisation, OrganisationClaim
from chuangbao.accounts.models.people import Person
from chuangbao.accounts.models.posts import AdminDuty, Post

__all__ = ["AdminDuty", "Invitation", "Membership", "Organisation", "OrganisationClaim", "Person", "Post"]
