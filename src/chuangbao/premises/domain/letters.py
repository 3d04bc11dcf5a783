"""Letters of consent (住所使用证明): issued under a number, replaced, revoked, and noted as a licence."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.accounts.domain.codes import read_code
from chuangbao.accounts.models import Organisation
from chuangbao.accounts.states import Standing
from chuangbao.core.access.permissions import permit
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.access.tokens import new_token
from chuangbao.core.audit.log import record
from chuangbao.core.localization.formatting import day_words
from chuangbao.core.messaging.notifications import tell
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import lock_row, transition
from chuangbao.premises.domain.applicants import keep_applicant
from chuangbao.premises.domain.files import open_file
from chuangbao.premises.domain.industries import read_industry
from chuangbao.premises.domain.limits import read_limit
from chuangbao.premises.domain.warnings import tell_of_mass
from chuangbao.premises.domain.wording import refuse_contacts
from chuangbao.premises.enums import LetterStage, PremiseStage
from chuangbao.premises.models import ConsentLetter
from chuangbao.premises.permissions import may_issue_letter
from chuangbao.spaces.domain.dependants import list_members
from chuangbao.spaces.enums import SpaceStage

if TYPE_CHECKING:
    from datetime import date

    from chuangbao.core.access.actors import Actor
    from chuangbao.premises.models import Premise

__all__ = [
    "issue_letter",
    "last_day",
    "note_industry",
    "note_licence",
    "read_licensee_code",
    "refuse_odd_day",
    "replace_letter",
    "revoke_letter",
]

WHY = "of a premise that the caller keeps"


@transaction.atomic
def issue_letter(
    *,
    premise: Premise,
    licensee: str,
    valid_until: date,
    actor: Actor,
    replaces: ConsentLetter | None = None,
    **said: str,
) -> ConsentLetter:
    """Issue a letter of consent to a firm, numbered by space and year.

    ``said`` holds licensee_code, applicant, business and industry_code. The space is locked first, so that
    two letters never share a number and the ceiling holds.
    Raises Forbidden; Refused: closed, full, letter_before (licensee), those of ``read_code`` (licensee_code),
    past_day or too_long (valid_until), no_industry (industry_code), those of ``refuse_contacts``.
    """
    space = lock_row(premise.space)
    row = lock_row(premise)
    permit(may_issue_letter, actor=actor, row=row)
    today = timezone.localdate()
    refuse_closed(row, space.stage)
    refuse_odd_day(valid_until, today)
    code = read_licensee_code(said.get("licensee_code", ""))
    refuse_full(row)
    refuse_contacts(space.operator, licensee=licensee, business=said.get("business", ""), address=str(row))
    letter = ConsentLetter(
        space=space,
        premise=row,
        address=str(row),
        issuer_id=space.operator_id,
        licensee=licensee.strip(),
        licensee_code=code,
        organisation=find_organisation(code),
        business=said.get("business", "").strip(),
        industry_code=read_industry(said.get("industry_code", "")),
        issued_on=today,
        valid_until=valid_until,
        replaces=replaces or supersede_expired(row, licensee.strip(), actor),
        issued_by_id=actor.person_id,
    )
    number_letter(letter)
    keep_applicant(letter, said.get("applicant", ""))
    give_address(letter)
    save_letter(letter)
    open_file(letter)
    record(actor, "letter.issue", letter, data={"number": letter.number})
    tell_licensee(letter, "letter.issued", actor)
    tell_of_mass(letter)
    return letter


def last_day(today: date) -> date:
    """Return the last day that a letter of today may name, by the dated limit."""
    return today + timedelta(days=read_limit("letter_days", today))


def refuse_odd_day(valid_until: date, today: date) -> None:
    """Let a last day through from today to what the dated limit allows. Raises Refused: past_day, too_long."""
    if valid_until < today:
        raise Refused("past_day", _("This day is over. Choose a day from today on."), field="valid_until")
    if valid_until > (latest := last_day(today)):
        message = _("A letter holds until %s at most. Choose an earlier day; it can be replaced by another one later.")
        raise Refused("too_long", message % day_words(latest), field="valid_until")


def supersede_expired(premise: Premise, licensee: str, actor: Actor) -> ConsentLetter | None:
    """Let a letter go whose last day is over, so that the firm can have a new one; return it, where there is one."""
    rows = unscoped(ConsentLetter, because=WHY).filter(premise=premise, licensee=licensee, stage=LetterStage.VALID)
    over = rows.filter(valid_until__lt=timezone.localdate()).first()
    if over is None:
        return None
    return transition(end_letter(over, _("Its last day was over")), "supersede", actor=actor)


def give_address(letter: ConsentLetter) -> None:
    """Make the token by which the letter is looked up, and seal it so that the letter can be printed again."""
    token = new_token()
    letter.give_token(token)
    letter.address_code = token


def refuse_closed(premise: Premise, stage: str) -> None:
    """Let a premise through that takes licences. Raises Refused: closed."""
    if premise.stage != PremiseStage.OPEN or premise.site.until is not None or stage != SpaceStage.OPEN:
        raise Refused("closed", _("This premise is closed for registration."))


def refuse_full(premise: Premise) -> None:
    """Let a premise through that has room below its ceiling. Raises Refused: full."""
    if premise.ceiling is None:
        return
    held = list_valid(premise).count()
    if held >= premise.ceiling:
        message = _("%(count)d of %(most)d licences are registered here. Raise the ceiling or take another premise.")
        raise Refused("full", message % {"count": held, "most": premise.ceiling})


def list_valid(premise: Premise) -> Any:
    """Return the letters of a premise that are valid today."""
    rows = unscoped(ConsentLetter, because=WHY).filter(premise=premise, stage=LetterStage.VALID)
    return rows.filter(valid_until__gte=timezone.localdate())


def number_letter(letter: ConsentLetter) -> None:
    """Give a letter the next number of its space and year; the space is locked by the caller."""
    letter.year = letter.issued_on.year
    rows = unscoped(ConsentLetter, because=WHY).filter(space=letter.space, year=letter.year)
    letter.place_in_year = (rows.aggregate(last=Max("place_in_year"))["last"] or 0) + 1
    letter.number = f"{letter.year}-{letter.space_id:05d}-{letter.place_in_year:04d}"


def save_letter(letter: ConsentLetter) -> None:
    """Write a new letter. Raises Refused: letter_before (licensee)."""
    try:
        with transaction.atomic():
            letter.save(force_insert=True)
    except IntegrityError as clash:
        message = _("This firm has a valid letter for this premise. Replace it, or revoke it first.")
        raise Refused("letter_before", message, field="licensee") from clash


def read_licensee_code(text: str) -> str:
    """Return a code in its one spelling, or nothing where the firm has none yet. Raises Refused (licensee_code)."""
    if not text.strip():
        return ""
    try:
        return read_code(text)
    except Refused as refusal:
        raise Refused(refusal.code, str(refusal), field="licensee_code") from refusal


def find_organisation(code: str) -> Organisation | None:
    """Return the verified organisation of a code, so that it sees its letter; anyone can found one that is not."""
    rows = unscoped(Organisation, because="named by its code").filter(code=code, stage=Standing.VERIFIED)
    return rows.first() if code else None


@transaction.atomic
def revoke_letter(*, letter: ConsentLetter, actor: Actor, reason: str) -> ConsentLetter:
    """Revoke a letter as of today; who looks it up sees it at once.

    Raises Refused: reason_needed (reason), not_permitted, not_in_valid.
    """
    refuse_contacts(letter.premise.space.operator, reason=reason)
    row = end_letter(letter, reason)
    row = transition(row, "revoke", actor=actor, reason=reason.strip())
    tell_licensee(row, "letter.revoked", actor, reason=reason.strip())
    return row


@transaction.atomic
def replace_letter(*, letter: ConsentLetter, actor: Actor, **given: Any) -> ConsentLetter:
    """Issue a letter in place of another, which is superseded by it; ``given`` is that of ``issue_letter``.

    Raises Refused: not_permitted, not_in_valid, and what ``issue_letter`` refuses.
    """
    lock_row(letter.premise.space)
    row = end_letter(letter, _("Replaced"))
    row = transition(row, "supersede", actor=actor)
    return issue_letter(premise=row.premise, actor=actor, replaces=row, **given)


def end_letter(letter: ConsentLetter, reason: str) -> ConsentLetter:
    """Return the letter, locked, with today as the day of its end; the caller moves it."""
    row = lock_row(letter)
    if row.stage == LetterStage.VALID:
        row.ended_on, row.end_reason = timezone.localdate(), reason.strip()
        row.save(update_fields=["ended_on", "end_reason"])
    return row


@transaction.atomic
def note_licence(*, letter: ConsentLetter, actor: Actor, licensed_on: date, licensee_code: str) -> ConsentLetter:
    """Note that the firm has its licence (营业执照) at this address, since when and under which code.

    Raises Forbidden; Refused: code_needed and those of ``read_code`` (licensee_code), future_day (licensed_on).
    """
    row = lock_row(letter)
    permit(may_issue_letter, actor=actor, row=row)
    if licensed_on > timezone.localdate():
        raise Refused("future_day", _("This day is still to come."), field="licensed_on")
    if not licensee_code.strip():
        raise Refused("code_needed", _("Please fill this in."), field="licensee_code")
    row.licensee_code = read_licensee_code(licensee_code)
    row.licensed_on, row.organisation = licensed_on, find_organisation(row.licensee_code)
    row.save(update_fields=["licensee_code", "licensed_on", "organisation"])
    record(actor, "letter.licence", row, data={"licensed_on": licensed_on.isoformat()})
    return row


def tell_licensee(letter: ConsentLetter, event: str, actor: Actor, **more: str) -> None:
    """Tell the firm's members, where it acts here, what became of its letter."""
    if letter.organisation_id is None:
        return
    data = {"number": letter.number, "space": letter.space.name, "day": day_words(letter.valid_until), **more}
    people = list_members(letter.organisation_id) - {actor.person_id or 0}
    tell(event, to=people, data=data, url=f"/premises/letters/{letter.pk}/")


@transaction.atomic
def note_industry(*, letter: ConsentLetter, actor: Actor, industry_code: str) -> ConsentLetter:
    """Note the industry beside the words of a business (2.5.3), for the statistics; an empty code takes it away.

    Raises Forbidden; Refused: no_industry (industry_code).
    """
    row = lock_row(letter)
    permit(may_issue_letter, actor=actor, row=row)
    before, row.industry_code = row.industry_code, read_industry(industry_code)
    row.save(update_fields=["industry_code"])
    record(actor, "letter.industry", row, before=before, after=row.industry_code)
    return row
