"""What accounts hold of a person, why and for how long: their part of the map of personal data.

``sign_in_data`` comes before it in the map and is erased after it: invitations and letters are found by the addresses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chuangbao.accounts import sign_in_data  # noqa: F401 - declares its own entries before those below
from chuangbao.accounts.models import AdminDuty, Consent, Invitation, Membership, OrganisationClaim, Person, Post
from chuangbao.accounts.personal_rows import WHY, addresses_of, erase_rows, export_rows
from chuangbao.accounts.states import ClaimStage
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.messaging.outbox import forget_letters, letters_to, unname_letters
from chuangbao.core.messaging.sms import forget_messages
from chuangbao.core.models import History, Job, Mobile, Notice, NoticePreference, ShortMessage, StoredFile
from chuangbao.core.privacy import Holding, holds_personal, keep_as_number, rows_pointed_at
from chuangbao.core.storage.files import forget_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.db.models import QuerySet

__all__: list[str] = []


def end_memberships(person: int) -> int:
    """End every membership; without an account no one acts for an organisation."""
    return unscoped(Membership, because=WHY).filter(person=person, ended_at=None).update(ended_at=timezone.now())


def empty_claims(person: int) -> int:
    """Delete claims that wait, empty the words of the decided; that there was one stays."""
    rows = unscoped(OrganisationClaim, because=WHY).filter(person=person)
    waiting = rows.filter(stage=ClaimStage.OPEN).delete()[0]
    return waiting + rows.exclude(reason="").update(reason="")


def invitations_of(person: int) -> QuerySet[Invitation]:
    """Return the invitations that the person sent, or that were sent to one of their addresses."""
    to = Q()
    for address in addresses_of(person):
        to |= Q(email__iexact=address)
    return unscoped(Invitation, because=WHY).filter(to | Q(invited_by=person))


def export_invitations(person: int) -> Iterable[Mapping[str, object]]:
    """Return the invitations to the person and by the person; the addresses of others stay out of it."""
    own = addresses_of(person)
    rows = invitations_of(person).select_related("organisation").order_by("pk")
    return [
        {
            "organisation": row.organisation.name, "role": row.role, "created_at": str(row.created_at),
            "way": "to" if row.email.lower() in own else "by", "accepted_at": str(row.accepted_at or ""),
        }
        for row in rows
    ]  # fmt: skip


def erase_invitations(person: int) -> int:
    """Delete the invitations to the person's addresses and by the person; what came of them is a membership."""
    return invitations_of(person).delete()[0]


def erase_jobs(person: int) -> int:
    """Delete the work one started; what a run or a simulation still points to stays, without the person."""
    rows = unscoped(Job, because=WHY).filter(person=person)
    used = rows_pointed_at(Job, rows.values_list("pk", flat=True))
    kept = rows.filter(pk__in=used).update(person=None, acting="")
    return kept + rows.delete()[0]


def export_letters(person: int) -> Iterable[Mapping[str, object]]:
    """Return the letters to the person that wait to be sent."""
    return [{"subject": row.subject, "created_at": str(row.created_at)} for row in letters_to(addresses_of(person))]


def erase_letters(person: int) -> int:
    """Forget the letters to the person, and their name in those that wait for others."""
    row = Person.objects.get(pk=person)
    named = unname_letters(row.name, gettext("Account erased")) if row.name else 0
    return named + forget_letters(addresses_of(person))


def export_mobile(person: int) -> Iterable[Mapping[str, object]]:
    """Return the number of the person, and one that waits for its code."""
    return [
        {"number": row.number or "", "confirmed_at": str(row.confirmed_at or ""), "asked": row.asked or ""}
        for row in unscoped(Mobile, because=WHY).filter(person=person)
    ]


def export_messages(person: int) -> Iterable[Mapping[str, object]]:
    """Return the SMS to the person that wait to be sent; a code stays out of it, it is for the telephone alone."""
    rows = unscoped(ShortMessage, because=WHY).filter(person=person).order_by("pk")
    return [{"group": row.group or "code", "created_at": str(row.created_at)} for row in rows]


holds_personal(
    Holding(
        "memberships", _("Organisations you belong to"), _("So that you can act for them"),
        _("For as long as the organisation's cases are kept, as a number"),
        export_rows(Membership, "person", "organisation__name", "role", "since", "ended_at"), end_memberships,
        covers=("accounts.Membership.person",),
    ),
    Holding(
        "claims", _("Claims on organisations"), _("So that the rightful owner is found"), _("Until you erase it"),
        export_rows(OrganisationClaim, "person", "organisation__name", "reason", "stage", "created_at"), empty_claims,
        covers=("accounts.OrganisationClaim.person",),
    ),
    Holding(
        "posts", _("Posts"), _("So that it is known who decided"), _("As the law on archives says"),
        export_rows(Post, "person", "agency__name", "department", "region_id", "duties", "term"),
        covers=("accounts.Post.person",),
    ),
    Holding(
        "duties", _("Administrator's duties"), _("So that it is known who decided"), _("As the law on archives says"),
        export_rows(AdminDuty, "person", "kind", "since", "ended_at"), covers=("accounts.AdminDuty.person",),
    ),
    Holding(
        "notices", _("Notices"), _("So that you know what happened"), _("Until you erase it"),
        export_rows(Notice, "person", "event", "data", "created_at", "read_at"), erase_rows(Notice, "person"),
        covers=("core.Notice.person",),
    ),
    Holding(
        "preferences", _("How you are told"), _("So that you are told as you wish"), _("Until you erase it"),
        export_rows(NoticePreference, "person", "group", "channel"), erase_rows(NoticePreference, "person"),
        covers=("core.NoticePreference.person",),
    ),
    Holding(
        "jobs", _("Work you started"), _("So that you see its result"), _("Until you erase it"),
        export_rows(Job, "person", "title", "stage", "created_at"), erase_jobs, covers=("core.Job.person",),
    ),
    Holding(
        "files", _("Files you brought"), _("As evidence in your cases"),
        _("Until you erase it; what proves facts of an organisation stays with it, without your name"),
        export_rows(StoredFile, "uploaded_by", "name", "size", "purpose", "uploaded_at"), forget_files,
        covers=("core.StoredFile.uploaded_by",),
    ),
    Holding(
        "letters", _("Letters that wait to be sent"), _("So that they reach you"), _("Until they are sent"),
        export_letters, erase_letters,
        covers=("core.Letter.recipient", "core.Letter.subject", "core.Letter.body", "core.Letter.html"),
    ),
    Holding(
        "mobile", _("Mobile number"), _("So that news reaches you by SMS where you want it"), _("Until you erase it"),
        export_mobile, erase_rows(Mobile, "person"),
        covers=("core.Mobile.person", "core.Mobile.number", "core.Mobile.asked"),
    ),
    Holding(
        "messages", _("SMS that wait to be sent"), _("So that they reach you"), _("Two days at most"),
        export_messages, forget_messages,
        covers=("core.ShortMessage.person", "core.ShortMessage.number", "core.ShortMessage.text"),
    ),
    Holding(
        "invitations", _("Invitations to you and by you"), _("So that colleagues can join"), _("Until you erase it"),
        export_invitations, erase_invitations,
        covers=("accounts.Invitation.email", "accounts.Invitation.invited_by"),
    ),
    Holding(
        "consents", _("What you agreed to"), _("As proof of your agreement"),
        _("As the proof that the law asks for, as a number"),
        export_rows(Consent, "person", "document", "version", "given_at", "language"),
        covers=("accounts.Consent.person",),
    ),
    Holding(
        "record", _("What you did"), _("So that every decision can be followed"), _("Six years at least, as a number"),
        export_rows(History, "person", "at", "acting", "verb", "kind", "object_id"), covers=("core.History.person",),
    ),
)  # fmt: skip
keep_as_number(
    "who appointed, proposed and confirmed is part of the record of decisions (law on archives)",
    "accounts.Office.confirmed_by",
    "accounts.Post.appointed_by", "accounts.Post.confirmed_by", "core.Proposal.proposer", "core.Proposal.decider",
)  # fmt: skip
