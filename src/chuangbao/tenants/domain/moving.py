"""Moving a tenancy on: what the move writes, the move itself and the notice, in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from chuangbao.core.access.row_access import unscoped
from chuangbao.core.workflow.transitions import lock_row, refuse_move, transition
from chuangbao.tenants.domain.telling import tell_party
from chuangbao.tenants.domain.venues import give_passes, take_passes
from chuangbao.tenants.enums import FINAL, AgreementStage
from chuangbao.tenants.models import Agreement
from chuangbao.tenants.workflow import TENANCY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chuangbao.core.access.actors import Actor
    from chuangbao.tenants.models import Tenancy

__all__ = ["move_tenancy"]


@transaction.atomic
def move_tenancy(
    *,
    tenancy: Tenancy,
    verb: str,
    actor: Actor,
    written: Mapping[str, Any],
    reason: str = "",
    tells: Callable[..., int] = tell_party,
    **said: str,
) -> Tenancy:
    """Make a move of a tenancy; ``written`` are the fields that go with it, ``said`` the words of the notice.

    Raises Refused: gone, not_permitted, not_in_<states>, reason_needed (reason).
    """
    row = lock_row(tenancy)
    refuse_move(row, TENANCY.by_verb[verb], actor=actor, given={"reason": reason.strip()})
    for name, value in written.items():
        setattr(row, name, value)
    row.revision += 1
    row.save(update_fields=[*written, "revision"])
    row = transition(row, verb, actor=actor, reason=reason.strip())
    if verb == "admit":
        give_passes(row)
    elif row.stage in FINAL:
        take_passes(row)
        void_open_agreement(row)
    tells(row, f"tenancy.{verb}", actor, reason=reason.strip(), **said)
    return row


def void_open_agreement(tenancy: Tenancy) -> None:
    """Take an agreement back that waits no longer; one that is confirmed is kept for the record."""
    rows = unscoped(Agreement, because="of the tenancy that has ended")
    rows.filter(tenancy=tenancy, stage=AgreementStage.OFFERED).update(stage=AgreementStage.VOID)
