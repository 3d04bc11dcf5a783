"""What happens to letters when a space closes: they are revoked with its reason, and each firm hears it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangbao.accounts.models import Membership
from chuangbao.core.access.row_access import unscoped
from chuangbao.premises.domain.letters import revoke_letter
from chuangbao.premises.domain.telling import tell_firm
from chuangbao.premises.enums import LetterStage, MailStage
from chuangbao.premises.models import ConsentLetter, HostFile, MailItem
from chuangbao.spaces.domain.dependants import Dependants, hang_on_space

if TYPE_CHECKING:
    from typing import Any

    from chuangbao.core.access.actors import Actor
    from chuangbao.spaces.models import Space

__all__: list[str] = []

WHY = "of a space that its operator closes"


def list_letters(space: Space) -> Any:
    """Return the letters of a space that are valid today."""
    rows = unscoped(ConsentLetter, because=WHY).filter(stage=LetterStage.VALID)
    rows = rows.filter(Q(space=space) | Q(premise__site__space=space))  # those of spaces that were merged into it, too
    return rows.filter(valid_until__gte=timezone.localdate())


def count_letters(space: Space) -> int:
    """Return how many letters are valid."""
    return int(list_letters(space).count())


def list_people(space: Space) -> list[int]:
    """Return the members of the firms that hold letters."""
    firms = list_letters(space).filter(organisation__isnull=False).values("organisation")
    rows = unscoped(Membership, because="who is told").filter(organisation__in=firms, ended_at=None)
    return list(rows.values_list("person", flat=True))


def follow_space(space: Space, verb: str, actor: Actor) -> None:
    """Revoke the letters of a space that closes; a merger and another operator leave them as they are."""
    if verb != "close":
        return
    for letter in list_letters(space).order_by("pk"):
        revoke_letter(letter=letter, actor=actor, reason=_("The space has closed."))


def list_mail(space: Space) -> Any:
    """Return the mail that waits with a space."""
    rows = unscoped(MailItem, because=WHY).filter(stage=MailStage.WAITING)
    return rows.filter(Q(file__letter__space=space) | Q(file__letter__premise__site__space=space))


def count_mail(space: Space) -> int:
    """Return how many pieces of mail wait."""
    return int(list_mail(space).count())


def tell_of_mail(space: Space, verb: str, actor: Actor) -> None:
    """Tell the firms whose mail waits that the space closes; the log stays open for handing it over."""
    if verb != "close":
        return
    for file in unscoped(HostFile, because=WHY).filter(pk__in=list_mail(space).values("file")).order_by("pk"):
        tell_firm(file, "mail.closing", actor)


hang_on_space("letters", Dependants(gettext_lazy("Valid letters of consent"), count_letters, list_people, follow_space))
hang_on_space("mail", Dependants(gettext_lazy("Mail not handed over yet"), count_mail, lambda _space: (), tell_of_mail))
