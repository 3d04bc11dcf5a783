"""How the states of a premise, a letter of consent, a file of a firm and its mail change, as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from chuangbao.core.access.row_access import unscoped
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import Life, Move, attach_life
from chuangbao.premises.enums import LetterStage, MailStage, PremiseStage, Reach
from chuangbao.premises.models import ConsentLetter, HostFile, MailItem, Premise
from chuangbao.premises.permissions import may_issue_letter, may_keep_premises

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chuangbao.core.access.actors import Actor

__all__ = ["LETTER", "MAIL", "PREMISE", "REACH"]


def refuse_with_letters(premise: Any, _actor: Actor, _given: Mapping[str, Any]) -> None:
    """Let a premise be closed that has no valid letter. Raises Refused: has_letters."""
    rows = unscoped(ConsentLetter, because="of the premise that the caller may close")
    count = rows.filter(premise=premise, stage=LetterStage.VALID, valid_until__gte=timezone.localdate()).count()
    if count:
        message = _now("%(count)d letters are valid here. Revoke them first, so that each firm hears why.")
        raise Refused("has_letters", message % {"count": count})


PREMISE = attach_life(
    Premise,
    Life(
        Move(
            "close",
            PremiseStage.OPEN >> PremiseStage.CLOSED,
            who=may_keep_premises,
            label=_("Close it for registration"),
            guard=refuse_with_letters,
        ),
    ),
)
LETTER = attach_life(
    ConsentLetter,
    Life(
        Move(
            "revoke",
            LetterStage.VALID >> LetterStage.REVOKED,
            who=may_issue_letter,
            label=_("Revoke the letter"),
            needs=("reason",),
        ),
        Move(
            "supersede",
            LetterStage.VALID >> LetterStage.SUPERSEDED,
            who=may_issue_letter,
            label=_("Replace the letter"),
        ),
    ),
)
REACH = attach_life(
    HostFile,
    Life(
        Move(
            "state_lost",
            Reach.REACHABLE >> Reach.LOST,
            who=may_keep_premises,
            label=_("State that the firm cannot be reached"),
        ),
        Move("find", Reach.LOST >> Reach.REACHABLE, who=may_keep_premises, label=_("The firm is reached again")),
        state_field="reach",
    ),
)
MAIL = attach_life(
    MailItem,
    Life(
        Move("hand_over", MailStage.WAITING >> MailStage.HANDED, who=may_keep_premises, label=_("Hand the mail over")),
        Move(
            "send_back", MailStage.WAITING >> MailStage.RETURNED, who=may_keep_premises, label=_("Send the mail back")
        ),
    ),
)
