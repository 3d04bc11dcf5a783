"""Organisations (机构): enterprises, spaces, schools, agencies, providers and investors, and who belongs to them."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.accounts.states import CLAIM, STANDING, ClaimStage, Standing
from chuangbao.core.models import Region
from chuangbao.core.names import parts_of
from chuangbao.core.scope import ScopedManager

VALID = timedelta(days=14)


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
    department = models.CharField(_("Department"), max_length=80, blank=True)
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


class MemberRole(models.TextChoices):
    """What a member may do for an organisation (成员角色)."""

    OWNER = "owner", _("Owner")  # 负责人: everything, also who belongs
    MANAGER = "manager", _("Manager")  # 管理员: everything but who owns it
    CLERK = "clerk", _("Clerk")  # 经办人: facts and applications


class Membership(models.Model):
    """Somebody belongs to an organisation (成员关系); an ended one stays, for the record."""

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


def new_token() -> str:
    """An address that nobody can guess."""
    return secrets.token_urlsafe(32)


def end_of_validity() -> datetime:
    """Two weeks from now."""
    return timezone.now() + VALID


class Invitation(models.Model):
    """A colleague is asked to join (邀请); the address is the key, once and for two weeks."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(_("E-mail"))
    role = models.CharField(_("Role"), max_length=10, choices=MemberRole.choices)
    token = models.CharField(max_length=64, unique=True, default=new_token)
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
    """Somebody says that an organisation is theirs (认领), or disputes that it is another's (异议)."""

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

    @property
    def region_id(self) -> str:
        """Where the organisation is: an officer of the place decides."""
        return self.organisation.region_id
