"""What spaces hold of a person, why and for how long: their part of the map of personal data."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangbao.accounts.personal_rows import WHY, erase_rows, export_rows
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.privacy import Holding, holds_personal, keep_as_number
from chuangbao.spaces.models import Following, Project, ProjectMember, Recognition, Transfer

__all__: list[str] = []


def export_deeds(person: int) -> list[dict[str, object]]:
    """Return what the person offered, entered and asked for spaces and projects, in plain values."""
    offered = export_rows(Transfer, "offered_by", "space", "stage", "offered_at")(person)
    entered = export_rows(Recognition, "entered_by", "space", "scheme", "number", "entered_at")(person)
    projects = export_rows(Project, "entered_by", "name", "created_at")(person)
    asked = export_rows(ProjectMember, "asked_by", "project", "space", "asked_at")(person)
    return [dict(row) for row in (*offered, *entered, *projects, *asked)]


def unname_deeds(person: int) -> int:
    """Take the person's name off; transfers and recognitions are the organisation's and the office's, and stay."""
    unscoped(Project, because=WHY).filter(entered_by=person).update(entered_by=None)
    unscoped(ProjectMember, because=WHY).filter(asked_by=person).update(asked_by=None)
    offered = unscoped(Transfer, because=WHY).filter(offered_by=person).update(offered_by=None)
    return offered + unscoped(Recognition, because=WHY).filter(entered_by=person).update(entered_by=None)


holds_personal(
    Holding(
        "followed_spaces",
        _("The spaces that you follow"),
        _("So that you are told when one closes, moves or changes hands"),
        _("Until you stop following it"),
        export_rows(Following, "person", "space", "since"),
        erase_rows(Following, "person"),
        covers=("spaces.Following.person",),
    ),
    Holding(
        "space_deeds",
        _("Transfers of spaces that you offered, and recognitions that you entered"),
        _("So that the register says who decided what"),
        _("Your name until you erase it; the decision stays with the organisation or office"),
        export_deeds,
        unname_deeds,
        covers=(
            "spaces.Transfer.offered_by",
            "spaces.Recognition.entered_by",
            "spaces.Project.entered_by",
            "spaces.ProjectMember.asked_by",
        ),
    ),
)
keep_as_number("the address of a desk, which its operator publishes", "spaces.Space.email")
