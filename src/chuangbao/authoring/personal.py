"""What the desk holds of a person: what they have typed and not saved; who wrote and reviewed stays on record."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangbao.accounts.personal_rows import erase_rows, export_rows
from chuangbao.authoring.models import WorkingCopy
from chuangbao.core.privacy import Holding, holds_personal, keep_as_number

__all__: list[str] = []

holds_personal(
    Holding(
        "working_copies",
        _("Drafts you have not saved"),
        _("So that you can go on writing"),
        _("Until you erase it"),
        export_rows(WorkingCopy, "person", "version__title", "content", "kept_at"),
        erase_rows(WorkingCopy, "person"),
        covers=("policies.WorkingCopy.person",),
    ),
)
keep_as_number(
    "who wrote, reviewed and published a text is part of the office's record (law on archives)",
    "policies.MeasureVersion.author",
    "policies.MeasureVersion.reviewer",
    "policies.MeasureVersion.writers",
    "policies.RegisteredDocument.author",
    "policies.RegisteredDocument.reviewer",
    "policies.RegisteredDocument.writers",
    "policies.Interpretation.author",
    "policies.Interpretation.reviewer",
    "policies.Interpretation.writers",
    "policies.ReviewComment.author",
    "policies.ReviewComment.settled_by",
)
