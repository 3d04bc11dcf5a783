"""The three combinations of clause 2.1.12, worked out from data where there are data (孵化培育体系三结合)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from chuangbao.core.access.row_access import visible
from chuangbao.spaces.models import Offer

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.utils.functional import _StrPromise

    from chuangbao.core.access.actors import Actor
    from chuangbao.spaces.models import Space

__all__ = ["SOURCES", "Flag", "work_out_flags"]


@dataclass(frozen=True, slots=True)
class Flag:
    """One of the three combinations: yes, no, or ``None`` while there are no data (待数据); and what shows it."""

    label: str | _StrPromise
    holds: bool | None
    evidence: str | _StrPromise


SOURCES: dict[str, Callable[[Space], bool | None]] = {}
"""Who answers for ``innovation`` (a tenant has intellectual property) and ``investment`` (the space or its fund
invested in a tenant): contexts above put a function here; None means that nothing is known."""


def work_out_flags(space: Space, actor: Actor) -> list[Flag]:
    """Return the three combinations of a space with what each rests on."""
    offers = list(visible(Offer, to=actor).filter(space=space).values_list("is_online", flat=True))
    online = any(offers) if offers else None
    return [
        Flag(
            _("Innovation with founding"), ask("innovation", space), _("Whether a tenant holds intellectual property")
        ),
        Flag(_("Online with offline"), online, _("Whether something that it offers can be had online")),
        Flag(_("Incubation with investment"), ask("investment", space), _("Whether it has invested in a tenant")),
    ]


def ask(name: str, space: Space) -> bool | None:
    """Return what a context above knows; None where no one knows."""
    return SOURCES[name](space) if name in SOURCES else None
