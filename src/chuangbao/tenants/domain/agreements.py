"""The agreement (入驻协议): offered by the operator, confirmed by the tenant; with that the tenancy begins.

The document names no form of it: these are plain terms, and the free entry and exit of clause 1.2.8 stand in all.
"""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.core.access.permissions import permit
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.http.forms import one_line
from chuangbao.core.localization.formatting import day_words, number
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import lock_row, transition
from chuangbao.tenants.domain.moving import move_tenancy
from chuangbao.tenants.domain.telling import settle_for_party, tell_host, tell_party
from chuangbao.tenants.domain.venues import give_passes
from chuangbao.tenants.enums import Entry, TenancyStage
from chuangbao.tenants.models import Agreement
from chuangbao.tenants.permissions import is_host, may_decide_tenancy

if TYPE_CHECKING:
    from datetime import date

    from chuangbao.core.access.actors import Actor
    from chuangbao.tenants.models import Tenancy

__all__ = ["WITH_AGREEMENT", "offer_agreement", "sign_agreement", "void_agreement"]

WITH_AGREEMENT = (TenancyStage.ADMITTED, TenancyStage.INCUBATING)
FARTHEST, LONGEST = timedelta(days=366), timedelta(days=3660)
WHY = "numbers of a space whose row is locked"


def write_terms(tenancy: Tenancy, *, starts_on: date, term_ends_on: date, fees: str, services: str) -> str:
    """Return the whole text of an agreement, one term a line."""
    data = {
        "operator": tenancy.space.operator.name,
        "space": tenancy.space.name,
        "tenant": tenancy.name,
        "project": tenancy.project,
        "first": day_words(starts_on),
        "last": day_words(term_ends_on),
        "desks": tenancy.desks or 0,
        "area": number(tenancy.area) if tenancy.area else "",
        "fees": fees.strip() or _("no fees"),
        "services": services.strip() or _("those that the space offers to all tenants"),
    }
    data = {name: one_line(str(value)) for name, value in data.items()}  # nobody writes a term of their own into it
    if tenancy.is_virtual:
        place = _("The tenant is virtual: it has no desk and no room, and all services.")
    elif tenancy.desks and tenancy.area:
        place = _("Place: %(desks)s desks, %(area)s m².") % data
    elif tenancy.desks:
        place = _("Place: %(desks)s desks.") % data
    elif tenancy.area:
        place = _("Place: %(area)s m².") % data
    else:
        place = _("Place: open desks, with none assigned.")
    lines = [
        _("Operator: %(operator)s, for the space %(space)s. Tenant: %(tenant)s.") % data,
        _("What the tenant does: %(project)s") % data,
        _("Term: from %(first)s to %(last)s.") % data,
        place,
        _("Fees: %(fees)s") % data,
        _("Services: %(services)s") % data,
        _("The tenant enters of its own will and leaves at any time by its own decision; nobody is asked."),
        _("Who leaves hands over what is on the hand-over list, and takes all of its own data along."),
        _("The tenant gives its figures once a year; the operator asks for nothing twice."),
    ]
    return "\n".join(f"{place_of}. {line}" for place_of, line in enumerate(lines, start=1))


@transaction.atomic
def offer_agreement(
    *, tenancy: Tenancy, actor: Actor, starts_on: date, term_ends_on: date, fees: str = "", services: str = ""
) -> Agreement:
    """Offer an agreement to an admitted tenant, or one that renews the term; with that the operator has confirmed it.

    The space is locked first, so that two agreements never share a number.
    Raises Forbidden; Refused: not_admitted, order, no_longer or too_far (term_ends_on), too_far (starts_on),
    offered_before.
    """
    space = lock_row(tenancy.space)
    row = lock_row(tenancy)
    permit(may_decide_tenancy, actor=actor, row=row)
    if row.stage not in WITH_AGREEMENT:
        raise Refused("not_admitted", _("An agreement is offered to a tenant that is admitted or incubates."))
    refuse_term(row, starts_on, term_ends_on)
    content = write_terms(row, starts_on=starts_on, term_ends_on=term_ends_on, fees=fees, services=services)
    made = Agreement(
        tenancy=row,
        space=space,
        starts_on=starts_on,
        term_ends_on=term_ends_on,
        content=content,
        content_hash=sha256(content.encode()).hexdigest(),
        offered_by_id=actor.person_id,
    )
    number_agreement(made)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as clash:
        raise Refused("offered_before", _("An agreement waits already. Take it back first.")) from clash
    record(actor, "agreement.offer", made, data={"hash": made.content_hash})
    tell_party(row, "tenancy.agreement", actor, number=made.number)
    return made


def refuse_term(tenancy: Tenancy, starts_on: date, term_ends_on: date) -> None:
    """Let a term through. Raises Refused: order, no_longer, too_far (term_ends_on), too_far (starts_on)."""
    if term_ends_on < starts_on:
        raise Refused("order", _("The term ends before it begins."), field="term_ends_on")
    over = tenancy.term_ends_on if tenancy.starts_on else None
    if starts_on > max(timezone.localdate(), over or timezone.localdate()) + FARTHEST:
        raise Refused("too_far", _("This is more than a year ahead. Look at the year again."), field="starts_on")
    if term_ends_on > starts_on + LONGEST:
        raise Refused("too_far", _("A term has ten years at most. Look at the year again."), field="term_ends_on")
    if tenancy.starts_on is not None and term_ends_on <= (tenancy.term_ends_on or tenancy.starts_on):
        raise Refused("no_longer", _("A new term ends later than the one that runs."), field="term_ends_on")


def number_agreement(made: Agreement) -> None:
    """Give an agreement the next number of its space and year; the space is locked by the caller."""
    made.year = timezone.localdate().year
    rows = unscoped(Agreement, because=WHY).filter(space=made.space, year=made.year)
    made.place_in_year = (rows.aggregate(last=Max("place_in_year"))["last"] or 0) + 1
    made.number = f"RZ{made.year}-{made.space_id:05d}-{made.place_in_year:04d}"


@transaction.atomic
def sign_agreement(*, agreement: Agreement, actor: Actor, seen: str) -> Agreement:
    """Confirm an agreement for the tenant; the tenancy begins, or its term is renewed.

    ``seen`` is the hash of the text on the page.

    Raises Refused: other_text, not_permitted, not_in_offered.
    """
    tenancy = lock_row(agreement.tenancy)  # first the tenancy, as all its verbs do
    row = lock_row(agreement)
    if seen != row.content_hash:
        raise Refused("other_text", _("This is not the text that was on your page. Read it again, then confirm."))
    row.signed_at, row.signed_by_id = timezone.now(), actor.person_id
    row.save(update_fields=["signed_at", "signed_by"])  # gone again where the move is refused
    row = transition(row, "sign", actor=actor)
    settle_for_party(tenancy, "tenancy.agreement")
    if tenancy.stage == TenancyStage.INCUBATING:
        renew_term(tenancy, row, actor)
        return row
    written = {"starts_on": row.starts_on, "term_ends_on": row.term_ends_on}
    if tenancy.is_firm:
        written["firm_since"] = row.starts_on
    move_tenancy(tenancy=tenancy, verb="begin", actor=actor, written=written, tells=tell_host)
    return row


def renew_term(tenancy: Tenancy, agreement: Agreement, actor: Actor) -> None:
    """Let a tenancy, locked by the caller, go on until the new agreement ends; what was stated is confirmed by it."""
    was_stated = tenancy.is_stated
    tenancy.term_ends_on = agreement.term_ends_on
    tenancy.entry = Entry.CONFIRMED if was_stated else tenancy.entry
    tenancy.revision += 1
    tenancy.save(update_fields=["term_ends_on", "entry", "revision"])
    if was_stated:
        give_passes(tenancy)
    record(actor, "tenancy.renew", tenancy, data={"agreement": agreement.pk})
    tell_host(tenancy, "tenancy.renewed", actor, day=day_words(agreement.term_ends_on))


@transaction.atomic
def void_agreement(*, agreement: Agreement, actor: Actor, reason: str) -> Agreement:
    """Take an agreement back before it is confirmed, for a reason that the other side reads.

    Raises Refused: not_permitted, not_in_offered, reason_needed (reason).
    """
    lock_row(agreement.tenancy)
    row = transition(agreement, "void", actor=actor, reason=reason.strip())
    said = {"number": row.number, "reason": reason.strip()}
    tell_party(row.tenancy, "tenancy.taken_back", actor, **said)
    if not is_host.test(actor, row.tenancy):
        tell_host(row.tenancy, "tenancy.taken_back", actor, **said)
    return row
