"""Into service (启用): the first administrators and the agencies, made from the command line of the machine.

Everything after them is done on the site. Both verbs stand on the record as acts of the system.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangbao.accounts.domain.codes import read_code
from chuangbao.accounts.domain.departments import department_of
from chuangbao.accounts.domain.organisations import known_by_code
from chuangbao.accounts.domain.posts import appoint_administrator
from chuangbao.accounts.models import AdminDuty, Organisation, OrganisationKind, Person
from chuangbao.accounts.states import Standing
from chuangbao.core.access.actors import SYSTEM
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.http.forms import one_line
from chuangbao.core.messaging.notifications import tell
from chuangbao.core.models import Region
from chuangbao.core.workflow.refusals import Refused

if TYPE_CHECKING:
    from django.db.models import QuerySet

__all__ = [
    "administrator_of",
    "administrators_in_office",
    "alarm_administrators",
    "create_administrator",
    "create_agency",
    "known_agencies",
    "password_path",
]

BECAUSE = "the command line of the machine puts the system into service"
LONGEST_NAME, LONGEST_AGENCY = 80, 160


@transaction.atomic
def create_administrator(*, email: str, name: str, kind: str, reason: str = "") -> AdminDuty:
    """Make a person one of the three administrators (三员), with an account where there is none yet.

    A new account has no password; ``password_path`` lets the person choose one. Raises Refused: email, name (of a
    new account), reason (where an administrator of the kind is in office), officer or duty.
    """
    address = read_email(email)
    held = unscoped(AdminDuty, because=BECAUSE).filter(kind=kind, ended_at=None).exists()
    if held and not reason.strip():
        raise Refused(
            "reason",
            _("There is an administrator of this kind; a security administrator appoints more on the site. Say why."),
            field="reason",
        )
    person = Person.objects.filter(email=address).first() or create_person(address, name)
    row = appoint_administrator(actor=SYSTEM, email=address, kind=kind)
    record(SYSTEM, "duty.appoint_by_command", row, after=kind, reason=reason.strip(), data={"person": person.pk})
    return row


def create_person(address: str, name: str) -> Person:
    """An account whose address the operator answers for. Raises Refused(name)."""
    called = one_line(name)
    if not called or len(called) > LONGEST_NAME:
        raise Refused("name", _("A new account needs the person's name, of 80 characters at most."), field="name")
    person = Person.objects.create_user(address, name=called)
    EmailAddress.objects.create(user=person, email=address, verified=True, primary=True)
    return person


def read_email(email: str) -> str:
    """An address in its one spelling. Raises Refused(email)."""
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError as fault:
        raise Refused("email", _("“%s” is no e-mail address.") % email, field="email") from fault
    return address


def password_path(person: Person) -> str:
    """The path of a page on which a person chooses a password, once and within three days."""
    key = default_token_generator.make_token(person)
    return reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(person), "key": key})


@transaction.atomic
def create_agency(*, name: str, region: str, code: str = "") -> Organisation:
    """Enter a government agency (主管部门), verified, to which posts can be given.

    ``region`` is a code or a name; which department it is follows from its name.

    Raises Refused: name, region, taken (name or code), and the code's own faults.
    """
    called = one_line(name)
    if not called or len(called) > LONGEST_AGENCY:
        raise Refused("name", _("An agency needs a name of 160 characters at most."), field="name")
    place, read = find_region(region), read_code(code) if code.strip() else None
    agencies = unscoped(Organisation, because=BECAUSE).filter(kind=OrganisationKind.AGENCY)
    if agencies.filter(name=called, region=place).exists() or (read and known_by_code(read)):
        raise Refused("taken", _("There is an organisation of this name or code already."), field="name")
    row = Organisation.objects.create(
        kind=OrganisationKind.AGENCY, name=called, code=read, region=place, stage=Standing.VERIFIED,
        department=department_of(called),
    )  # fmt: skip
    record(SYSTEM, "organisation.found", row, after=row.stage, data={"kind": row.kind})
    return row


def find_region(words: str) -> Region:
    """The region of a code or a Chinese name. Raises Refused(region), with the codes where several have the name."""
    wanted = words.strip()
    found = list(Region.objects.filter(pk=wanted) or Region.objects.filter(name_zh=wanted))
    if len(found) == 1:
        return found[0]
    if found:
        several = ", ".join(region.code for region in found)
        raise Refused("region", _("Several regions are called so; give the code: %s") % several, field="region")
    raise Refused("region", _("There is no region “%s”; give its code or its Chinese name.") % words, field="region")


def administrators_in_office() -> QuerySet[AdminDuty]:
    """Everybody who is an administrator now, with the account."""
    return unscoped(AdminDuty, because=BECAUSE).filter(ended_at=None).select_related("person").order_by("kind", "pk")


def administrator_of(email: str) -> Person:
    """The account of an administrator. Raises Refused(email)."""
    found = administrators_in_office().filter(person__email=read_email(email)).first()
    if found is None:
        raise Refused("email", _("No administrator has this address."), field="email")
    return found.person


def known_agencies() -> QuerySet[Organisation]:
    """Every agency, by area."""
    return unscoped(Organisation, because=BECAUSE).filter(kind=OrganisationKind.AGENCY).order_by("region", "name")


@transaction.atomic
def alarm_administrators(*, what: str) -> int:
    """Tell every administrator that something of the operation has failed; how many there are."""
    people = list(administrators_in_office().values_list("person_id", flat=True))
    tell("operation.failed", to=people, data={"what": one_line(what)[:LONGEST_AGENCY]}, url="/desk/")
    record(SYSTEM, "operation.failed", kind="operation", reason=one_line(what), data={"told": len(people)})
    return len(people)
