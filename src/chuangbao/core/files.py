"""Keeping files and giving them back (附件管理): told by content, limited, quarantined, encrypted, never executed."""

from __future__ import annotations

import re
import unicodedata
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.http import FileResponse, Http404
from django.utils.translation import gettext as _

from chuangbao.core.filetypes import DOCUMENTS, recognised
from chuangbao.core.history import record
from chuangbao.core.models import FileStage, StoredFile
from chuangbao.core.refusals import Refused
from chuangbao.core.secrets import opened, sealed

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from chuangbao.core.actors import Actor
    from chuangbao.core.filetypes import Kind
    from chuangbao.core.requests import Request

__all__ = ["LARGEST", "clean_name", "drop", "keep", "read", "serve"]

LARGEST = 20 * 1024 * 1024
LONGEST = 120
FORBIDDEN = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\u200b-\u200f\u202a-\u202e\u2066-\u2069]')


def clean_name(name: str) -> str:
    """A name without folders, control characters and tricks of writing direction; its ending is kept."""
    flat = FORBIDDEN.sub("", unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])).strip(" .")
    stem, dot, ending = flat.rpartition(".")
    return f"{(stem or 'file')[:LONGEST]}{dot}{ending[:10]}" if dot else (flat[:LONGEST] or "file")


@transaction.atomic
def keep(
    *,
    upload: UploadedFile[Any],
    actor: Actor,
    purpose: str,
    sensitive: bool = False,
    allowed: tuple[Kind, ...] = DOCUMENTS,
) -> StoredFile:
    """Take a file in. Raises Refused (field ``file``) where it is too large, of another kind, or dangerous."""
    if (upload.size or 0) > LARGEST:
        most = LARGEST // 1024 // 1024
        raise Refused("large", _("The file is larger than %(most)d MB.") % {"most": most}, field="file")
    content, name = upload.read(), clean_name(upload.name or "")
    kind = recognised(name, content, allowed)
    row = StoredFile.objects.create(
        name=name,
        media_type=kind.media_type,
        size=len(content),
        digest=sha256(content).hexdigest(),
        purpose=purpose,
        sensitive=sensitive,
        stage=FileStage.QUARANTINED if settings.SCANNER else FileStage.CLEAN,
        uploaded_by_id=actor.person_id,
    )
    at_rest = sealed(content, context=row.key.hex) if sensitive else content
    storages["kept"].save(row.place, ContentFile(at_rest))
    record(actor, "file.keep", row, data={"size": row.size, "digest": row.digest, "purpose": purpose})
    return row


def drop(row: StoredFile) -> None:
    """Forget the content of a file whose row is about to vanish: what it was brought for was refused."""
    storages["kept"].delete(row.place)


def read(row: StoredFile) -> bytes:
    """The content as it was brought."""
    with storages["kept"].open(row.place) as file:
        content: bytes = file.read()
    return opened(content, context=row.key.hex) if row.sensitive else content


def serve(row: StoredFile, request: Request) -> FileResponse:
    """Give a file to somebody who may see the row that points to it; the view has asked for that.

    Always as a download, of the type its content has, in a sandbox of its own. 404 while it is in quarantine.
    """
    if row.stage != FileStage.CLEAN:
        raise Http404
    if row.sensitive:
        record(request.actor, "file.read", row)
    answer = FileResponse(BytesIO(read(row)), as_attachment=True, filename=row.name, content_type=row.media_type)
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
