"""People, organisations, and what ties the ones to the others."""

from chuangbao.accounts.models.consents import Consent
from chuangbao.accounts.models.offices import Office
from chuangbao.accounts.models.organisations import (
    Invitation,
    MemberRole,
    Membership,
    Organisation,
    OrganisationClaim,
    OrganisationKind,
)
from chuangbao.accounts.models.people import Person
from chuangbao.accounts.models.posts import AdminDuty, Post

__all__ = [
    "AdminDuty",
    "Consent",
    "Invitation",
    "MemberRole",
    "Membership",
    "Office",
    "Organisation",
    "OrganisationClaim",
    "OrganisationKind",
    "Person",
    "Post",
]
