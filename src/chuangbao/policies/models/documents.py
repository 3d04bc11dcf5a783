"""Documents that officers bring into the library (文件入库), their clauses, and explanations (解读、问答)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.core.access.row_access import ScopedManager
from chuangbao.core.models import Region, StoredFile
from chuangbao.policies.enums import Stage

if TYPE_CHECKING:
    from typing import ClassVar

    from chuangbao.core.workflow.transitions import Life

PUBLISHED = [Stage.IN_FORCE, Stage.RETIRED]


class ClauseKind(models.TextChoices):
    """What a clause is for (条款类别)."""

    PLAIN = "", _("Only text")  # 一般内容
    MEASURE = "measure", _("Gives something")  # 政策事项
    TARGET = "target", _("Sets a target")  # 目标
    DUTY = "duty", _("Gives somebody a duty")  # 职责
    OPEN = "open", _("Leaves a figure open")  # 待定标准


class Authored(models.Model):
    """What an officer writes and a colleague publishes: stage, hands, reviewer, area and department."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name=_("Area"))
    department = models.CharField(_("Department"), max_length=80)
    stage = models.CharField(max_length=12, choices=Stage.choices, default=Stage.DRAFT)
    revision = models.PositiveIntegerField(default=1)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    writers = ArrayField(models.BigIntegerField(), default=list)
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    valid_from = models.DateField(_("Valid from"), null=True)
    valid_to = models.DateField(_("Valid to"), null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True

    def persons_concerned(self) -> frozenset[int]:
        """Who does not judge it (双人): everybody whose hand the text went through."""
        return frozenset(self.writers)


def two_persons(name: str) -> models.CheckConstraint:
    """Published with a day, and by a person who did not write it (双人)."""
    return models.CheckConstraint(
        name=name,
        condition=~Q(stage__in=PUBLISHED)
        | Q(valid_from__isnull=False, reviewer__isnull=False) & ~Q(reviewer=F("author")),
    )


class RegisteredDocument(Authored):
    """An official document (文件) that an office brought in; its clauses are rows."""

    ref = models.SlugField(_("Short name"), max_length=60, unique=True)
    title = models.CharField(_("Title"), max_length=300)
    number = models.CharField(_("Document number"), max_length=80, blank=True)
    kind = models.CharField(_("Kind"), max_length=40, blank=True)
    issuers = ArrayField(models.CharField(max_length=120), default=list, blank=True, verbose_name=_("Issued by"))
    issued_on = models.DateField(_("Date"), null=True, blank=True)
    themes = ArrayField(models.CharField(max_length=40), default=list, blank=True, verbose_name=_("Themes"))
    text = models.TextField()
    original = models.ForeignKey(
        StoredFile,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Original file"),
        help_text="the file that was brought; none where a text was pasted",
    )

    life: ClassVar[Life]
    objects = ScopedManager()

    class Meta:
        ordering = ["-pk"]
        constraints = [two_persons("document_by_two_persons")]

    def __str__(self) -> str:
        return self.title


class RegisteredClause(models.Model):
    """One clause (条款) of a document: its place in the tree, its number, its words and what it is for."""

    document = models.ForeignKey(RegisteredDocument, on_delete=models.CASCADE, related_name="clauses")
    position = models.PositiveIntegerField()
    level = models.PositiveSmallIntegerField(_("Level"), default=1)
    number = models.CharField(max_length=20, help_text="its path of positions: an id, shown nowhere")
    mark = models.CharField(_("Printed mark"), max_length=40, blank=True)
    heading = models.CharField(_("Heading"), max_length=300, blank=True)
    text = models.TextField(_("Words"), blank=True)
    kind = models.CharField(_("What it does"), max_length=8, choices=ClauseKind.choices, blank=True)
    modality = models.CharField(max_length=20, blank=True)
    actor = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["document", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "number"], name="clause_number_once", deferrable=models.Deferrable.DEFERRED
            )
        ]

    def __str__(self) -> str:
        return self.number


class Interpretation(Authored):
    """An explanation (解读) or an answered question (问答) that hangs on a document or on one of its clauses."""

    class Sort(models.TextChoices):
        """Which of the two."""

        EXPLANATION = "explanation", _("Explanation")  # 解读
        ANSWER = "answer", _("Question and answer")  # 问答

    sort = models.CharField(_("Kind"), max_length=12, choices=Sort.choices, default=Sort.EXPLANATION)
    document = models.CharField(_("Document"), max_length=120)
    clause = models.CharField(_("Clause"), max_length=80, blank=True)
    title = models.CharField(_("Title or question"), max_length=200)
    body = models.TextField(_("Text"))
    based_on = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="revisions")

    life: ClassVar[Life]
    objects = ScopedManager()

    class Meta:
        ordering = ["document", "clause", "pk"]
        indexes = [models.Index(fields=["document", "clause"], name="interpretation_place")]
        constraints = [two_persons("interpretation_by_two_persons")]

    def __str__(self) -> str:
        return self.title


class Subscription(models.Model):
    """What a person wants to hear about (订阅): a theme, a department, a document, a clause or a measure."""

    class Topic(models.TextChoices):
        """What kind of thing."""

        THEME = "theme", _("Theme")  # 主题
        DEPARTMENT = "department", _("Department")  # 部门
        DOCUMENT = "document", _("Document")  # 文件
        CLAUSE = "clause", _("Clause")  # 条款
        MEASURE = "measure", _("Measure")  # 政策事项

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    topic = models.CharField(max_length=12, choices=Topic.choices)
    value = models.CharField(max_length=120)
    created_at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager()

    class Meta:
        ordering = ["topic", "value"]
        constraints = [models.UniqueConstraint(fields=["person", "topic", "value"], name="subscribed_once")]
        indexes = [models.Index(fields=["topic", "value"], name="subscription_topic")]

    def __str__(self) -> str:
        return f"{self.topic} {self.value}"
