"""The yearly card (年度卡片): filled in once a year, prefilled by what is known, kept as facts where one fits."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.core.access.permissions import permit
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.engine.current import current_pack
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import lock_row
from chuangbao.facts.domain.stating import state
from chuangbao.facts.domain.subjects import subject_of_organisation
from chuangbao.tenants.domain.grounds import latest_fact
from chuangbao.tenants.models import YearCard
from chuangbao.tenants.models.cards import KINDS_HELD
from chuangbao.tenants.permissions import may_speak_for_tenant

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor
    from chuangbao.tenants.models import Tenancy

__all__ = ["FACTS", "FIELDS", "fill_card", "prefill_card", "year_due"]

FIELDS = (
    "staff",
    "college_staff",
    "graduates_hired",
    "revenue",
    "profit",
    "taxes",
    "research",
    "rights_filed",
    "rights_granted",
    "rights_held",
    *KINDS_HELD,
    "financing",
    "financing_round",
    "financed_on",
    "is_high_tech",
    "is_tech_sme",
    "honours",
)
FACTS = {"staff": "staff_total", "revenue": "revenue", "is_high_tech": "is_hnte", "is_tech_sme": "is_tsme"}
"""Lines of the card that the catalogue of facts has too: what was stated there is not asked again."""
STOCKS = ("staff", "college_staff", "rights_held", *KINDS_HELD, "is_high_tech")
"""What goes on from year to year, so that last year's figure is a good first guess."""
WITHIN = (("college_staff", "staff"), *((name, "rights_held") for name in KINDS_HELD))


def year_due(day: date) -> int:
    """Return the year whose card is due on a day: the last whole one."""
    return day.year - 1


def prefill_card(tenancy: Tenancy, year: int) -> dict[str, Any]:
    """Return what is known already: the card itself, else facts of a firm, else what goes on from the last card."""
    rows = unscoped(YearCard, because="of a tenancy that the caller speaks for").filter(tenancy=tenancy)
    own = rows.filter(year=year).first()
    if own is not None:
        return {name: getattr(own, name) for name in FIELDS}
    before = rows.filter(year__lt=year).order_by("-year").first()
    known = {name: getattr(before, name) for name in STOCKS} if before else {}
    stated = {field: latest_fact(tenancy, fact) for field, fact in FACTS.items() if fact in current_pack().facts}
    return known | {field: value for field, value in stated.items() if value is not None}


@transaction.atomic
def fill_card(*, tenancy: Tenancy, actor: Actor, year: int, **said: Any) -> YearCard:
    """Fill in or correct the card of a year; what the catalogue knows is stated as facts of the firm.

    Raises Forbidden; Refused: not_begun, no_year (year), and those of ``check_card``.
    """
    row = lock_row(tenancy)
    permit(may_speak_for_tenant, actor=actor, row=row)
    if row.starts_on is None:
        raise Refused("not_begun", _("Your tenancy has not begun yet."))
    last = row.ended_on.year if row.ended_on else timezone.localdate().year
    if not row.starts_on.year <= year <= last:
        raise Refused("no_year", _("You were not in this space in that year."), field="year")
    check_card(year, said)
    values = {name: said[name] for name in FIELDS if name in said}
    values |= {"filled_at": timezone.now(), "filled_by_id": actor.person_id}
    card, _new = unscoped(YearCard, because="of the locked tenancy").update_or_create(
        tenancy=row, year=year, defaults=values
    )
    state_facts(card, actor)
    record(actor, "tenancy.card", row, data={"year": year})
    return card


def check_card(year: int, said: dict[str, Any]) -> None:
    """Let figures through that fit together. Raises Refused: more_than_whole, kinds_over_whole, other_year."""
    for part, whole in WITHIN:
        if (said.get(part) or 0) > (said.get(whole) or 0):
            raise Refused("more_than_whole", _("This is more than the whole above it."), field=part)
    kinds = sum(said.get(name) or 0 for name in KINDS_HELD)
    if kinds > (said.get("rights_held") or 0):
        words = _("The kinds below come to %(n)d, which is more than this.") % {"n": kinds}
        raise Refused("kinds_over_whole", words, field="rights_held")
    if (day := said.get("financed_on")) and day.year != year:
        words = _("This day is not in %(year)d. The card is about that year alone.") % {"year": year}
        raise Refused("other_year", words, field="financed_on")


def state_facts(card: YearCard, actor: Actor) -> None:
    """State what of a card the catalogue of facts has, about the last day of the year or today."""
    organisation = card.tenancy.organization
    if organisation is None:
        return
    day = min(date(card.year, 12, 31), timezone.localdate())
    subject = subject_of_organisation(organisation)
    for field, fact in FACTS.items():
        value = getattr(card, field)
        if value is not None and fact in current_pack().facts:
            state(subject=subject, name=fact, value=value, actor=actor, as_of=day)
