"""Slips and receipts (收付款凭证): kept as proof of payments and deposits, and each counted once."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from chuangbao.billing.models import DepositEntry, Payment
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.localization.formatting import day_words, money
from chuangbao.core.storage.files import keep, recognise_upload
from chuangbao.core.storage.filetypes import PAPERS
from chuangbao.core.workflow.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from decimal import Decimal

    from django.core.files.uploadedfile import UploadedFile

    from chuangbao.core.access.actors import Actor
    from chuangbao.core.models import StoredFile
    from chuangbao.core.storage.filetypes import Kind

__all__ = ["Proven", "digest_of", "keep_proof", "recognise_proof", "refuse_known_slip"]

WHY = "money of the organisation that the caller writes for"
PURPOSE = "billing.proof"


def recognise_proof(upload: UploadedFile[Any]) -> Kind:
    """Return the kind of a slip or receipt, before rows are locked. Raises Refused (file): neither picture nor PDF."""
    return recognise_upload(upload, PAPERS)


def keep_proof(upload: UploadedFile[Any], known: Kind, actor: Actor) -> StoredFile:
    """Keep a slip or receipt, sealed, as of the kind that ``recognise_proof`` gave."""
    return keep(upload=upload, actor=actor, purpose=PURPOSE, sensitive=True, known=known)


def digest_of(upload: UploadedFile[Any]) -> str:
    """Return the SHA-256 of a slip or receipt, as its stored file has it."""
    upload.seek(0)
    return sha256(upload.read()).hexdigest()


@dataclass(frozen=True, slots=True)
class Proven:
    """What a slip proves: yuan of a day, for one tenant; ``contract`` and ``act`` where it is a deposit."""

    tenancy: int
    amount: Decimal
    on: date
    contract: int | None = None
    act: str = ""


def refuse_known_slip(digest: str, proven: Proven, *, keeper: int, known_slip: bool) -> None:
    """Let a slip through that an organisation has not on record, or has for something else and ``known_slip`` says so.

    The caller has locked the tenancy. Raises Refused: twice (file), slip_known (known_slip).
    """
    before = dict(list_proven(digest, keeper))
    if proven in before:
        message = _("This very slip is on record: %(before)s. Take that back first if it was wrong.")
        raise Refused("twice", message % {"before": before[proven]}, field="file")
    if before and not known_slip:
        message = _("This very slip is on record: %(before)s. Tick this if one transfer was for both.")
        raise Refused("slip_known", message % {"before": next(iter(before.values()))}, field="known_slip")


def list_proven(digest: str, keeper: int) -> Iterator[tuple[Proven, str]]:
    """Yield what a slip proves for an organisation so far, with its words; what was reversed proves nothing."""
    payments = unscoped(Payment, because=WHY).filter(payee=keeper, digest=digest, reverses=None, reversed_by=None)
    for paid in payments.select_related("tenancy__organization", "tenancy__team").order_by("pk"):
        yield Proven(paid.tenancy_id, paid.amount, paid.paid_on), _write_words(paid, paid.paid_on, _("payment"))
    entries = unscoped(DepositEntry, because=WHY).filter(keeper=keeper, proof__digest=digest)
    for entry in entries.select_related("contract__tenancy__organization", "contract__tenancy__team").order_by("pk"):
        proven = Proven(entry.tenancy.pk, entry.amount, entry.on, entry.contract_id, entry.act)
        yield proven, _write_words(entry, entry.on, entry.get_act_display())


def _write_words(row: Payment | DepositEntry, on: date, what: str) -> str:
    """Return the words of an entry: tenant, what, amount, day."""
    said = {"tenant": row.tenancy.name, "what": what, "amount": money(row.amount), "day": day_words(on)}
    return _("%(tenant)s, %(what)s %(amount)s, %(day)s") % said
