"""What guidance and inspections hold of a person, why and for how long: their part of the map of personal data."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangbao.accounts.personal_rows import WHY, Deed, export_deeds
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.privacy import Holding, holds_personal, keep_as_number
from chuangbao.inspections.models import Draw, GuidanceNote, GuidanceReply, UpgradePlan, VisitFile

__all__: list[str] = []

DEEDS: tuple[Deed, ...] = (
    (GuidanceNote, "author", ("title", "body", "stage", "written_at")),
    (GuidanceReply, "author", ("side", "text", "at")),
    (Draw, "author", ("title", "stage", "created_at")),
    (UpgradePlan, "author", ("aim", "stage", "created_at")),
    (VisitFile, "added_by", ("kind", "caption", "added_at")),
)


def unname_writer(person: int) -> int:
    """Take the person's name off; what was written is the office's or the space's, and stays."""
    return sum(
        unscoped(model, because=WHY).filter(**{field: person}).update(**{field: None}) for model, field, _c in DEEDS
    )


holds_personal(
    Holding(
        "inspection_deeds",
        _("Guidance and inspections that you wrote or answered"),
        _("So that both sides know whom to ask"),
        _("Your name until you erase it; what was written stays"),
        export_deeds(DEEDS),
        unname_writer,
        covers=tuple(f"{model._meta.label}.{field}" for model, field, _c in DEEDS),
    )
)
keep_as_number("the secret of a draw, sealed until it is drawn; it is no one's", "inspections.Draw.secret")
