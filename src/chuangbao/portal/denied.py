"""Why a page is not open to a person (拒绝原因), in words: the capacity, the duty, or the thing itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangbao.accounts.domain.acting import choices
from chuangbao.accounts.models import AdminDuty, MemberRole
from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.permissions import Forbidden
from chuangbao.core.contexts import list_duties

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.utils.functional import _StrPromise

    from chuangbao.accounts.domain.acting import Choice
    from chuangbao.accounts.models import Person

__all__ = ["explain_csrf_failure", "explain_refusal", "list_ways_out"]

CAPACITIES: dict[str, _StrPromise | str] = {
    Capacity.SELF: gettext_lazy("somebody acting for themselves"),
    Capacity.MEMBER: gettext_lazy("a member of an organisation"),
    Capacity.OFFICER: gettext_lazy("an officer in a post"),
    **{str(kind.value): kind.label for kind in AdminDuty.Kind},
}
ROLES: dict[str, _StrPromise | str] = {str(role.value): role.label for role in MemberRole}
ABOUT_ROW: dict[str, _StrPromise] = {
    "in_scope": gettext_lazy("It belongs to a place outside the area of your post."),
    "of_department": gettext_lazy("It belongs to another department than that of your post."),
    "not_in_own_cause": gettext_lazy(
        "You are party to it: you wrote part of it, claim the organisation, or belong or lately belonged to it. "
        "A colleague decides."
    ),
    "no_agency": gettext_lazy("It is a government agency; administrators look after those."),
    "said_by_another": gettext_lazy("You stated this yourself; a colleague verifies it."),
    "from_here": gettext_lazy("A register or an officer stated this; it is not yours to take back."),
    "ones_own": gettext_lazy("A colleague made this; make a copy to go on with it."),
    "acts_for": gettext_lazy("You are not acting for this organisation now."),
    "concerned": gettext_lazy("It is not about you, nor about the organisation you act for now."),
}
CSRF: tuple[tuple[str, _StrPromise], ...] = (
    ("cookie not set", gettext_lazy(
        "Your browser sent no cookies, so we cannot tell that the form came from you. Allow cookies for this site.")),
    ("Origin checking failed", gettext_lazy(
        "The form was sent from another address than this site's. Open the site by its own address and try again.")),
    ("Referer checking failed", gettext_lazy(
        "The form was sent from another address than this site's. Open the site by its own address and try again.")),
    ("incorrect", gettext_lazy(
        "You signed in or out after this form was opened, so it no longer counts as yours. Go back, reload the page "
        "and send it again.")),
)  # fmt: skip


def explain_refusal(denial: Exception | None) -> str:
    """Say why: who may open it, or what about the thing itself is in the way."""
    if not isinstance(denial, Forbidden):
        return _("What you asked for is not part of your rights here.")
    about_row = [str(ABOUT_ROW[name]) for name in denial.failed_row_tests() if name in ABOUT_ROW]
    if about_row:
        return " ".join(about_row)
    who = list_named(denial.permission.name, "in_capacity", CAPACITIES)
    duties = list_named(denial.permission.name, "holds", {**list_duties(), **ROLES})
    if who and duties:
        return _("It is for %(who)s with the duty “%(duties)s”.") % {"who": who, "duties": duties}
    return _("It is for %(who)s.") % {"who": who} if who else _("What you asked for is not part of your rights here.")


def list_named(permission: str, kind: str, words: dict[str, _StrPromise | str]) -> str:
    """Put the capacities or rights that a permission names into words, each once."""
    found = [name for names in re.findall(rf"{kind}:([\w,]+)", permission) for name in names.split(",")]
    return _(" or ").join(dict.fromkeys(str(words[name]) for name in found if name in words))


def list_ways_out(request: HttpRequest, denial: Exception | None) -> list[Choice]:
    """List the person's other capacities that may open the page."""
    if not isinstance(denial, Forbidden) or not denial.actor.signed_in:
        return []
    held = choices(cast("Person", request.user))
    return [one for one in held if one.key != denial.actor.acting and denial.permission.test(one.actor, denial.row)]


def explain_csrf_failure(reason: str) -> str:
    """Say what Django's own reason means for the person."""
    said = next((str(words) for sign, words in CSRF if sign in reason), "")
    return said or _("The form lacked the mark that shows it is yours. Go back, reload the page and send it again.")
