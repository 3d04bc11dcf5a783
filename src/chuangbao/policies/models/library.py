"""What can be found in the library, one row each: documents, measures and clauses of the loaded pack."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What a search can find."""

    MEASURE = "measure", _("Measure")  # 政策事项
    DOCUMENT = "document", _("Document")  # 文件
    CLAUSE = "clause", _("Clause")  # 条款


class Entry(models.Model):
    """One thing to find (检索条目). Written from the pack, never by hand."""

    kind = models.CharField(max_length=10, choices=Kind.choices)
    ref = models.CharField(max_length=120)
    title_zh = models.TextField()
    title_en = models.TextField(blank=True)
    note_zh = models.TextField(blank=True)
    note_en = models.TextField(blank=True)
    number = models.CharField(max_length=200, blank=True)
    region = models.CharField(max_length=12, blank=True)
    subject = models.CharField(max_length=20, blank=True)
    themes = ArrayField(models.CharField(max_length=40), default=list)
    audience = ArrayField(models.CharField(max_length=40), default=list)
    departments = ArrayField(models.CharField(max_length=80), default=list)
    clauses = ArrayField(models.CharField(max_length=80), default=list)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    confirmed = models.BooleanField(default=False)
    sounds = models.TextField(blank=True, help_text="pinyin and initials of the title")
    words = SearchVectorField()
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["kind", "ref"], name="entry_once")]
        indexes = [
            GinIndex(fields=["words"], name="entry_words"),
            GinIndex(fields=["sounds"], name="entry_sounds", opclasses=["gin_trgm_ops"]),
            GinIndex(fields=["number"], name="entry_number", opclasses=["gin_trgm_ops"]),
            models.Index(fields=["ref"], name="entry_ref"),
            models.Index(fields=["position", "id"], name="entry_position"),
        ]

    def __str__(self) -> str:
        return self.title_zh

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return (self.title_en or self.title_zh) if (get_language() or "").startswith("en") else self.title_zh

    @property
    def note(self) -> str:
        """What more there is to read, in the reader's language."""
        return (self.note_en or self.note_zh) if (get_language() or "").startswith("en") else self.note_zh

    @property
    def page(self) -> str:
        """The name of the page that shows it."""
        return f"policies:{self.kind}"


class LoadedPack(models.Model):
    """Which content the entries were written from (已载入的地区包)."""

    pack = models.CharField(max_length=40, unique=True)
    digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.pack
