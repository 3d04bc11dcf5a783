"""Keeping files and giving them back (附件管理): known by content, limited, quarantined, encrypted, never run."""

from __future__ import annotations

import re
import unicodedata
from contextlib import contextmanager
from contextvars import ContextVar
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.http import FileResponse, Http404
from django.shortcuts import render
from django.utils.translation import gettext as _

from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.audit.readings import record_reading
from chuangbao.core.jobs.queue import queue_task
from chuangbao.core.models import FileStage, StoredFile
from chuangbao.core.privacy import rows_pointed_at
from chuangbao.core.storage.encryption import decrypt_bytes, encrypt_bytes
from chuangbao.core.storage.filetypes import DOCUMENTS, recognise_type
from chuangbao.core.workflow.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from django.core.files.uploadedfile import UploadedFile
    from django.http.response import HttpResponseBase

    from chuangbao.core.access.actors import Actor
    from chuangbao.core.http.requests import Request
    from chuangbao.core.storage.filetypes import Kind

__all__ = [
    "LARGEST",
    "all_or_nothing",
    "clean_name",
    "drop",
    "forget_files",
    "forget_unused",
    "keep",
    "naming_file",
    "read",
    "recognise_upload",
    "refuse_large",
    "serve",
    "serve_public",
]

LARGEST = 20 * 1024 * 1024
LONGEST = 120
NAMELESS = "附件"
"""What a file is called whose owner has erased the account."""
BROUGHT: ContextVar[list[str] | None] = ContextVar("brought", default=None)
"""Where the content of files was written in the innermost ``all_or_nothing``."""
FORGETTING = "files of a person who erases the account"
FORBIDDEN = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\u200b-\u200f\u202a-\u202e\u2066-\u2069]')


def clean_name(name: str) -> str:
    """A name without folders, control characters and tricks of writing direction; its ending is kept."""
    flat = FORBIDDEN.sub("", unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])).strip(" .")
    stem, dot, ending = flat.rpartition(".")
    return f"{(stem or 'file')[:LONGEST]}{dot}{ending[:10]}" if dot else (flat[:LONGEST] or "file")


@contextmanager
def naming_file(name: str) -> Iterator[None]:
    """Put the file's name, as the uploader knows it, before the words of a refusal.

    Raises Refused with the code and the field of the refusal inside.
    """
    try:
        yield
    except Refused as refusal:
        said = _("“%(name)s”: %(why)s") % {"name": name, "why": refusal}
        raise Refused(refusal.code, said, field=refusal.field) from refusal


@contextmanager
def all_or_nothing() -> Iterator[None]:
    """Run in a transaction; where it fails, the content of the files that were kept in it goes with their rows."""
    outer = BROUGHT.get()
    places: list[str] = []
    token = BROUGHT.set(places)
    try:
        with transaction.atomic():
            yield
    except BaseException:
        for place in places:
            storages["kept"].delete(place)
        raise
    finally:
        BROUGHT.reset(token)
    if outer is not None:
        outer.extend(places)


@all_or_nothing()
def keep(
    *,
    upload: UploadedFile[Any],
    actor: Actor,
    purpose: str,
    sensitive: bool = False,
    allowed: tuple[Kind, ...] = DOCUMENTS,
    known: Kind | None = None,
) -> StoredFile:
    """Keep an upload; ``known`` is its kind where a reader has found it out already.

    Raises Refused (field ``file``) where it is too large, of another kind, or dangerous.
    """
    name = clean_name(upload.name or "")
    with naming_file(name):
        refuse_large(upload)
        upload.seek(0)
        content = upload.read()
        kind = known or recognise_type(name, content, allowed)
    row = StoredFile.objects.create(
        name=name,
        media_type=kind.media_type,
        size=len(content),
        digest=sha256(content).hexdigest(),
        purpose=purpose,
        sensitive=sensitive,
        stage=FileStage.QUARANTINED if settings.SCANNER else FileStage.CLEAN,
        uploaded_by_id=actor.person_id,
        holder=actor.acting,
    )
    at_rest = encrypt_bytes(content, context=row.key.hex) if sensitive else content
    if (places := BROUGHT.get()) is not None:
        places.append(row.place)
    storages["kept"].save(row.place, ContentFile(at_rest))
    record(actor, "file.keep", row, data={"size": row.size, "digest": row.digest, "purpose": purpose})
    if row.stage == FileStage.QUARANTINED:
        queue_task("core.scan_upload", file=row.pk)
    return row


def refuse_large(upload: UploadedFile[Any]) -> None:
    """Let an upload through that is not too large to be kept. Raises Refused: large (file)."""
    if (upload.size or 0) > LARGEST:
        most = LARGEST // 1024 // 1024
        raise Refused("large", _("The file is larger than %(most)d MB.") % {"most": most}, field="file")


def recognise_upload(upload: UploadedFile[Any], allowed: tuple[Kind, ...] = DOCUMENTS) -> Kind:
    """Return the kind of an upload, for ``keep`` as ``known``: a verb asks before it locks rows, since it takes time.

    Raises Refused (field ``file``) where it is too large, of another kind, or dangerous.
    """
    name = clean_name(upload.name or "")
    with naming_file(name):
        refuse_large(upload)
        upload.seek(0)
        return recognise_type(name, upload.read(), allowed)


def drop(row: StoredFile) -> None:
    """Forget the content of a file whose row stays: the scanner has refused it."""
    storages["kept"].delete(row.place)


def forget(row: StoredFile) -> None:
    """Delete a file, and its content as soon as the transaction has committed."""
    place = row.place
    row.delete()
    transaction.on_commit(lambda: storages["kept"].delete(place))


def forget_unused(ids: Iterable[int]) -> int:
    """Forget those of some files that nothing points to any more, and return how many."""
    wanted = set(ids)
    unused = wanted - rows_pointed_at(StoredFile, wanted)
    for row in unscoped(StoredFile, because=FORGETTING).filter(pk__in=unused):
        forget(row)
    return len(unused)


def forget_files(person: int) -> int:
    """Forget what a person brought; what proves something of others stays, without its name and theirs."""
    rows = unscoped(StoredFile, because=FORGETTING).filter(uploaded_by=person)
    forgotten = forget_unused(rows.values_list("pk", flat=True))
    for row in rows:
        _stem, dot, ending = row.name.rpartition(".")
        row.name, row.uploaded_by, row.holder = f"{NAMELESS}{dot}{ending if dot else ''}", None, ""
        row.save(update_fields=["name", "uploaded_by", "holder"])
        forgotten += 1
    return forgotten


def read(row: StoredFile) -> bytes:
    """The content as it was brought."""
    with storages["kept"].open(row.place) as file:
        content: bytes = file.read()
    return decrypt_bytes(content, context=row.key.hex) if row.sensitive else content


def serve(row: StoredFile, request: Request, *, about: Mapping[str, Any] | None = None) -> HttpResponseBase:
    """Give a file to a reader who may see the row that points to it; the view has asked for that.

    Reading a sensitive one is put on record. ``about`` says of whom (``person`` or ``organisation``), why (``reason``)
    and which facts it proves (``facts``); without it the file is about who brought it.
    Always as a download, of the type its content has, in a sandbox of its own. While it waits for the scanner, or
    after the scanner refused it, a page says so (409, 410).
    """
    if row.stage != FileStage.CLEAN:
        refused = row.stage == FileStage.REFUSED
        context = {"file": row, "refused": refused}
        return render(request, "ui/pages/file_waits.html", context, status=410 if refused else 409)
    if row.sensitive:
        whom = about or {"person": row.uploaded_by_id, "reason": "own file"}
        record_reading(request.actor, row, verb="file.read", **whom)
    answer = FileResponse(BytesIO(read(row)), as_attachment=True, filename=row.name, content_type=row.media_type)
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


def serve_public(row: StoredFile) -> HttpResponseBase:
    """Give a file that everybody may see, shown in place and kept by browsers for an hour.

    Raises Http404 while it waits for the scanner, and after the scanner refused it.
    """
    if row.stage != FileStage.CLEAN:
        raise Http404
    answer = FileResponse(BytesIO(read(row)), content_type=row.media_type)
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "public, max-age=3600"
    return answer
