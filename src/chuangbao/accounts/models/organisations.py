"""Organisations (机构): enterprises, spaces, schools, agencies, providers and investors, and who belongs to them."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.accounts.states import CLAIM, STANDING, ClaimStage, Standing
from chuangbao.core.access.row_access import ScopedManager, unscoped
from chuangbao.core.access.tokens import KeyedByAddress
from chuangbao.core.localization.name_search import parts_of
from chuangbao.core.models import Region

VALID = timedelta(days=14)
LATELY = timedelta(days=365)
"""How long a former member still decides nothing about an organisation."""


class OrganisationKind(models.TextChoices):
    """What an organisation is (机构类型)."""

    ENTERPRISE = "enterprise", _("Enterprise")  # 企业
    SPACE = "space", _("Space operator")  # 众创空间运营机构
    INSTITUTE = "institute", _("School or research institute")  # 高校或科研院所
    AGENCY = "agency", _("Government agency")  # 主管部门
    PROVIDER = "provider", _("Service provider")  # 服务机构
    FUNDER = "funder", _("Bank or investor")  # 银行或投资机构


class Organisation(models.Model):
    """An organisation (机构) with its 统一社会信用代码 (GB 32100-2015), claimed or not."""

    kind = models.CharField(_("Kind"), max_length=12, choices=OrganisationKind.choices)
    name = models.CharField(_("Name"), max_length=160)
    code = models.CharField(_("Unified social credit code"), max_length=18, unique=True, null=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name=_("Region"))
    department = models.CharField(
        _("Department"), max_length=80, blank=True, help_text="of an agency: its code in the pack's list of departments"
    )
    stage = models.CharField(max_length=12, choices=Standing.choices, default=Standing.UNVERIFIED)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    parts = parts_of("name")

    life = STANDING
    objects = ScopedManager()

    class Meta:
        ordering = ["name", "pk"]
        indexes = [
            models.Index(fields=["region", "kind"], name="organisation_place"),
            models.Index(fields=["name", "id"], name="organisation_order"),
            GinIndex(fields=["parts"], name="organisation_parts"),
            models.Index(
                fields=["created_at"], condition=models.Q(stage=Standing.UNVERIFIED), name="organisation_unverified"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def fingerprint(self) -> str:
        """What it is registered with, as one word: so a decision can say which registration it is about."""
        return sha256("\x1f".join((self.kind, self.name, self.code or "", self.region_id)).encode()).hexdigest()[:32]

    def persons_concerned(self) -> frozenset[int]:
        """Who is party to a decision about it: see the function of the same name."""
        return persons_concerned(self.pk)


class MemberRole(models.TextChoices):
    """What a member may do for an organisation (成员角色)."""

    OWNER = "owner", _("Owner")  # 负责人: everything, also who belongs
    MANAGER = "manager", _("Manager")  # 管理员: everything but who owns it
    CLERK = "clerk", _("Clerk")  # 经办人: facts and applications

    @property
    def may_give(self) -> frozenset[str]:
        """The roles that a member of this role may give to others."""
        return GIVES.get(self, frozenset())


GIVES = {
    MemberRole.OWNER: frozenset(MemberRole.values),
    MemberRole.MANAGER: frozenset({MemberRole.MANAGER, MemberRole.CLERK}),
}


class Membership(models.Model):
    """A person belongs to an organisation (成员关系); an ended membership stays, for the record."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("Role"), max_length=10, choices=MemberRole.choices)
    since = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["organisation", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation"], condition=models.Q(ended_at__isnull=True), name="member_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role} {self.organisation_id}"


def persons_concerned(organisation: int) -> frozenset[int]:
    """Return the persons who may decide nothing about an organisation (回避): they belong to it or mean to.

    Its members now and within the last year, those who claim it, and those it has invited.
    """
    why = "who must not decide in their own cause"
    lately = models.Q(ended_at__isnull=True) | models.Q(ended_at__gte=timezone.now() - LATELY)
    members = unscoped(Membership, because=why).filter(lately, organisation=organisation)
    claims = unscoped(OrganisationClaim, because=why).filter(organisation=organisation, stage=ClaimStage.OPEN)
    invited = unscoped(Invitation, because=why).filter(
        organisation=organisation, accepted_at__isnull=True, withdrawn_at__isnull=True
    )
    guests = get_user_model().objects.filter(email__in=invited.values("email"))
    people = [
        rows.order_by().values_list(name) for rows, name in ((members, "person"), (claims, "person"), (guests, "pk"))
    ]
    return frozenset(pk for (pk,) in people[0].union(*people[1:]))


def end_of_validity() -> datetime:
    """Two weeks from now."""
    return timezone.now() + VALID


class Invitation(KeyedByAddress):
    """A colleague is asked to join (邀请); the address is the key, once and for two weeks."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(_("E-mail"))
    role = models.CharField(_("Role"), max_length=10, choices=MemberRole.choices)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(default=end_of_validity)
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = ScopedManager()

    class Meta:
        ordering = ["-created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "email"],
                condition=models.Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="invited_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.role}"


class OrganisationClaim(models.Model):
    """A person says that an organisation is theirs (认领), or disputes that it is another's (异议)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="claims")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="claims")
    reason = models.TextField(_("How you belong to it"))
    stage = models.CharField(max_length=12, choices=ClaimStage.choices, default=ClaimStage.OPEN)
    created_at = models.DateTimeField(default=timezone.now)

    life = CLAIM
    objects = ScopedManager()

    class Meta:
        ordering = ["-created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "person"], condition=models.Q(stage=ClaimStage.OPEN), name="claim_open_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.stage}"

    def persons_concerned(self) -> frozenset[int]:
        """Who claims it, and everybody who is party to the organisation."""
        return self.organisation.persons_concerned() | {self.person_id}

    @property
    def region_id(self) -> str:
        """Where the organisation is: an officer of the place decides."""
        return self.organisation.region_id
