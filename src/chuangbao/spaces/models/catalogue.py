"""What a space offers (1.2.9) and in what it is new (2.1.11), in its operator's words."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chuangbao.core.access.row_access import ScopedManager
from chuangbao.spaces.enums import NewTag, OfferKind
from chuangbao.spaces.models.spaces import Space

__all__ = ["NewTagEvidence", "Offer"]


class Offer(models.Model):
    """Something a space offers: a room of one of the four kinds, or a service of one of the two tiers (1.2.9)."""

    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="offers")
    kind = models.CharField(_("Kind of offer"), max_length=10, choices=OfferKind.choices)
    name = models.CharField(_("What is offered"), max_length=80)
    description = models.CharField(_("In a sentence"), max_length=300, blank=True)
    price = models.CharField(_("Price"), max_length=80, blank=True)
    is_online = models.BooleanField(_("Can be had online"), default=False)

    objects = ScopedManager()

    class Meta:
        ordering = ["space", "kind", "name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["space", "kind", "name"], name="offered_once"),
            models.CheckConstraint(condition=~Q(name=""), name="offer_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class NewTagEvidence(models.Model):
    """One of the six new things (六新) that a space says of itself, with what shows it."""

    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="new_tags")
    tag = models.CharField(_("What is new"), max_length=10, choices=NewTag.choices)
    evidence = models.CharField(_("What shows it"), max_length=300)

    objects = ScopedManager()

    class Meta:
        ordering = ["space", "tag", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["space", "tag"], name="new_tag_once"),
            models.CheckConstraint(condition=~Q(evidence=""), name="new_tag_has_evidence"),
        ]

    def __str__(self) -> str:
        return str(self.get_tag_display())
