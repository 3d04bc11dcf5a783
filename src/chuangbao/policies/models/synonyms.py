"""People's words that officers teach the search, beside those of the pack (同义词)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LONGEST_WORD, MOST_WORDS = 20, 8


class Synonym(models.Model):
    """A word as people say it, and the words of the texts that it means (同义词). Everybody may read it."""

    say = models.CharField(_("What people say"), max_length=LONGEST_WORD, unique=True)
    find = ArrayField(models.CharField(max_length=LONGEST_WORD), verbose_name=_("What is looked for"))
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-added_at", "-pk"]
        constraints = [models.CheckConstraint(name="synonym_finds", condition=models.Q(find__len__gte=1))]

    def __str__(self) -> str:
        return self.say
