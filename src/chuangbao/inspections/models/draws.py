"""A draw at random of spaces and inspectors (双随机抽查): committed to first, then drawn, repeatable by everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.accounts.models import Organisation, Post
from chuangbao.core.access.row_access import ScopedManager
from chuangbao.core.models import Region
from chuangbao.core.storage.encryption import EncryptedTextField
from chuangbao.inspections.domain.drawing import draw_visits, hash_text, make_seed, read_list
from chuangbao.inspections.enums import DrawStage
from chuangbao.spaces.models import Space

if TYPE_CHECKING:
    from datetime import date

__all__ = ["Draw", "Exclusion"]

MOST_EACH = 5
PERCENT = 100
OVER = (DrawStage.DRAWN, DrawStage.CANCELLED)


class Draw(models.Model):
    """A draw (抽查任务) of an office for its area.

    When it is frozen, list, its hash and the hash of a secret are fixed and public; the seed comes of a public number
    that is named then and not known yet. So neither who names the number nor who keeps the secret can choose.
    """

    title = models.CharField(_("Title of the draw"), max_length=120)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    amount = models.PositiveSmallIntegerField(_("How many"), validators=[MinValueValidator(1)])
    is_share = models.BooleanField(_("As a share in percent"), default=False)
    each = models.PositiveSmallIntegerField(
        _("Inspectors for each visit"),
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_EACH)],
    )
    stage = models.CharField(max_length=10, choices=DrawStage.choices, default=DrawStage.PREPARING)
    number_source = models.CharField(_("Public number"), max_length=200, blank=True)
    number_day = models.DateField(_("Day on which it becomes known"), null=True)
    list_text = models.TextField(blank=True)
    list_hash = models.CharField(max_length=64, blank=True)
    secret = EncryptedTextField(bound_to=("list_hash",), blank=True)
    secret_hash = models.CharField(max_length=64, blank=True)
    frozen_at = models.DateTimeField(null=True)
    number = models.CharField(_("The number"), max_length=200, blank=True)
    seed = models.CharField(max_length=64, blank=True)
    ended_at = models.DateTimeField(null=True, help_text="drawn or cancelled; the secret is public from then on")
    end_reason = models.CharField(max_length=300, blank=True)
    published_at = models.DateTimeField(null=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    is_demo = models.BooleanField(default=False)

    objects = ScopedManager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["region"], condition=Q(stage=DrawStage.FROZEN), name="draw_frozen_alone"),
            models.CheckConstraint(condition=~Q(title=""), name="draw_has_a_title"),
            models.CheckConstraint(
                condition=Q(amount__gte=1) & (Q(is_share=False) | Q(amount__lte=PERCENT)), name="draw_takes_some"
            ),
            models.CheckConstraint(condition=Q(each__range=(1, MOST_EACH)), name="draw_each_by_some"),
            models.CheckConstraint(
                condition=~Q(stage=DrawStage.FROZEN) & ~Q(stage=DrawStage.DRAWN)
                | ~Q(list_hash="") & ~Q(secret_hash="") & Q(frozen_at__isnull=False, number_day__isnull=False),
                name="draw_frozen_with_its_list",
            ),
            models.CheckConstraint(
                condition=~Q(stage=DrawStage.DRAWN) | ~Q(seed="") & ~Q(number="") & Q(ended_at__isnull=False),
                name="draw_drawn_with_its_seed",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(stage=DrawStage.DRAWN), name="draw_published_when_drawn"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def frozen_on(self) -> date | None:
        """The day of freezing in the province."""
        return timezone.localdate(self.frozen_at) if self.frozen_at else None

    @property
    def is_repeated(self) -> bool:
        """Whether list, secret and number lead to the hashes, the seed and the visits that are on file."""
        right = hash_text(self.list_text) == self.list_hash and hash_text(self.secret) == self.secret_hash
        if not right or make_seed(self.list_hash, self.secret, self.number) != self.seed:
            return False
        drawn = draw_visits(read_list(self.list_text), self.seed)
        kept = {row.space_id: {one.post_id for one in row.inspectors.all()} for row in self.visits.all()}
        return {space: set(posts) for space, posts in drawn} == kept

    def persons_concerned(self) -> frozenset[int]:
        """No person is party to a draw as such; interests are excluded one by one."""
        return frozenset()


class Exclusion(models.Model):
    """What is left out of a draw, and why: a space, an inspector, or an inspector for one space (回避)."""

    draw = models.ForeignKey(Draw, on_delete=models.CASCADE, related_name="exclusions")
    space = models.ForeignKey(Space, on_delete=models.PROTECT, null=True, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("Reason"), max_length=300)

    objects = ScopedManager()

    class Meta:
        ordering = ["draw", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["draw", "space", "post"], nulls_distinct=False, name="excluded_once_from_a_draw"
            ),
            models.CheckConstraint(
                condition=Q(space__isnull=False) | Q(post__isnull=False), name="exclusion_of_somebody"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="exclusion_with_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.draw_id} {self.space_id or ''} {self.post_id or ''}"
