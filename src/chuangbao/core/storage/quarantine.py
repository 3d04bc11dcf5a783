"""Quarantine (隔离): what the scanner has not cleared is never served; it decides, and the uploader is notified."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.core.access.actors import SYSTEM
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import name_verbs, record
from chuangbao.core.messaging.notifications import Event, register, tell
from chuangbao.core.models import FileStage, StoredFile
from chuangbao.core.storage.files import drop, read
from chuangbao.core.storage.scanner import scan_content

if TYPE_CHECKING:
    from django.db.models import QuerySet

__all__ = ["list_quarantined", "release_unscanned", "scan_file", "scan_waiting"]

WHY = "the scanner looks at every file that waits"
PATIENT = timedelta(minutes=10)
"""Within this time nobody is told of a release: they are still waiting for the page."""

register(
    Event(
        "file.released", _("%(name)s can be used now"), _("The scanner has looked at your file and found nothing."),
        "general", discreet=True,
    ),
    Event(
        "file.refused", _("%(name)s was refused"),
        _("The scanner found something malicious in your file (%(threat)s). It was deleted. Check your device, then "
          "bring a clean file."),
        "general", discreet=True,
    ),
)  # fmt: skip
name_verbs(file__release=_("Released a file from quarantine"), file__refuse=_("Refused a file after the scan"))


def list_quarantined() -> QuerySet[StoredFile]:
    """Return the files that wait for the scanner, the oldest first."""
    return unscoped(StoredFile, because=WHY).filter(stage=FileStage.QUARANTINED).order_by("uploaded_at", "pk")


@transaction.atomic
def scan_file(pk: int) -> StoredFile | None:
    """Let the scanner look at one file, and release or refuse it; None where it no longer waits.

    Raises ScannerError where the scanner is away: the file stays where it is and is looked at again later.
    """
    row = list_quarantined().select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
    if row is None:
        return None
    threat = scan_content(read(row), address=settings.SCANNER)
    row.stage = FileStage.REFUSED if threat else FileStage.CLEAN
    row.save(update_fields=["stage"])
    record(SYSTEM, "file.refuse" if threat else "file.release", row, data={"threat": threat} if threat else {})
    if threat:
        drop(row)
    told = [row.uploaded_by_id] if row.uploaded_by_id else []
    if threat or timezone.now() - row.uploaded_at > PATIENT:
        event = "file.refused" if threat else "file.released"
        tell(event, to=told, data={"name": row.name, "threat": threat}, once=f"file:{row.pk}")
    return row


@transaction.atomic
def release_unscanned() -> int:
    """Release everything that waits without a scan, on an operator's word; how many. Each is put on record."""
    rows = list(list_quarantined().select_for_update(of=("self",)))
    for row in rows:
        row.stage = FileStage.CLEAN
        row.save(update_fields=["stage"])
        record(SYSTEM, "file.release", row, reason="released without a scan")
    return len(rows)


def scan_waiting() -> dict[str, int]:
    """Look at every file that waits; how many there were of each outcome. Raises ScannerError."""
    waiting = list(list_quarantined().values_list("pk", flat=True))
    return dict(Counter(row.stage for row in filter(None, map(scan_file, waiting))))
