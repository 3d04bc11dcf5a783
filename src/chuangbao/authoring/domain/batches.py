"""Bringing many documents to the desk at once (批量导入): files or an archive, read by the worker one by one.

Each document that can be read becomes a draft with its own file; the report says which were not, and why. The archive
is forgotten when the work ends, however it ends; what was brought until then stays.
"""

from __future__ import annotations

import base64
import io
import zipfile
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangbao.authoring.domain.bringing import actor_of, forget_brought, keep_original
from chuangbao.authoring.domain.documents import bring_document, refuse_taken
from chuangbao.authoring.permissions import may_draft
from chuangbao.core.access.permissions import permit
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.jobs.jobs import start, work
from chuangbao.core.models import StoredFile
from chuangbao.core.storage.files import LARGEST, all_or_nothing, clean_name, forget, keep, read
from chuangbao.core.storage.filetypes import OTHER
from chuangbao.core.storage.reading import IN_JOB, read_apart
from chuangbao.core.workflow.refusals import Refused
from chuangbao.gongwen import DocumentError
from chuangbao.gongwen.batch import MOST_DOCUMENTS, line_of
from chuangbao.policies.readerwords import explain_document_error

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.core.files.uploadedfile import UploadedFile

    from chuangbao.core.access.actors import Actor
    from chuangbao.core.jobs.jobs import Work
    from chuangbao.core.models import Job

__all__ = ["TASK", "queue_files"]

TASK: Final = "policies.bring_many"
EACH: Final = replace(IN_JOB, cpu=30, wall=45.0)
"""What one of many documents may take, so that a hundred costly ones do not hold the worker for hours."""
NAMELESS: Final = "files"
WHY: Final = "the job is the officer's who brought the files"


@all_or_nothing()
def queue_files(*, ref: str, uploads: Sequence[UploadedFile[bytes]], actor: Actor) -> Job:
    """Keep the files as one archive and leave reading them to the worker, who numbers their short names.

    Raises Refused (field ``documents``): many, large, and what ``keep`` refuses.
    """
    permit(may_draft, actor=actor)
    archive = pack_files(uploads)
    try:
        file = keep(upload=archive, actor=actor, purpose="documents", known=OTHER)
    except Refused as refusal:
        raise Refused(refusal.code, str(refusal), field="documents") from refusal
    title = _("Reading %(name)s") % {"name": file.name}
    return start(TASK, actor=actor, title=title, ref=ref, file=file.pk)


def pack_files(uploads: Sequence[UploadedFile[bytes]]) -> UploadedFile[bytes]:
    """Return an archive as it was brought, or the files put into one. Raises Refused (``documents``): many, large."""
    if len(uploads) > MOST_DOCUMENTS:
        raise Refused(
            "many", _("At most %(most)d files are read at once.") % {"most": MOST_DOCUMENTS}, field="documents"
        )
    if sum(upload.size or 0 for upload in uploads) > LARGEST:
        most = LARGEST // 1024 // 1024
        raise Refused("large", _("Together the files are larger than %(most)d MB.") % {"most": most}, field="documents")
    first = uploads[0]
    if len(uploads) == 1 and str(first.name).lower().endswith(".zip"):
        return first
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as box:
        for number, upload in enumerate(uploads):
            name = clean_name(str(upload.name))
            box.writestr(f"{number + 1}/{name}" if name in box.namelist() else name, b"".join(upload.chunks()))
    name = clean_name(str(first.name)).rpartition(".")[0] or NAMELESS
    return SimpleUploadedFile(f"{name}.zip", packed.getvalue())


@work(TASK, undo=forget_brought)
def bring_files(task: Work, *, ref: str, file: int) -> Mapping[str, object]:
    """Read each document of an archive and make a draft of it; a job that was broken off goes on where it was.

    Raises Refused: gone, unreadable where the archive itself is not read; over where the post has ended.
    """
    row = unscoped(StoredFile, because=WHY).filter(pk=file).first()
    if row is None:
        raise Refused("gone", _("The files of this work are gone. Send them again."))
    data = read(row)
    members = members_of(row, data)
    report: dict[str, Any] = {"url": reverse("authoring:batch", args=[task.job.key]), "of": len(members)}
    lines = list(task.job.result.get("lines", []))
    for number, member in enumerate(members[len(lines) :], start=len(lines) + 1):
        task.step(number - 1, len(members), member["name"])
        with all_or_nothing():
            lines.append(bring_member(data, member, ref=f"{ref}-{number}", actor=actor_of(task)))
            task.note({**report, "lines": lines})
    task.step(len(members), len(members))
    forget(row)
    return {**report, "lines": lines}


def members_of(row: StoredFile, data: bytes) -> list[dict[str, Any]]:
    """Return the documents of an archive. Raises Refused: unreadable, and what reading apart refuses."""
    try:
        members: list[dict[str, Any]] = read_apart("members", data, limits=IN_JOB, name=row.name)
    except DocumentError as error:
        raise Refused("unreadable", explain_document_error(error, name=row.name)) from error
    return members


def bring_member(data: bytes, member: Mapping[str, Any], *, ref: str, actor: Actor) -> dict[str, Any]:
    """Read one document and make a draft of it; return its line of the report, refused or not."""
    found: dict[str, Any] = {}
    try:
        line = line_of(member["name"], partial(read_member, data, member["index"], found))
        if line["error"]:
            return line
        refuse_taken(ref)  # before its file is written
        with all_or_nothing():
            original = keep_original(SimpleUploadedFile(member["name"], base64.b64decode(found["content"])), actor)
            done = bring_document(ref=ref, text=found["text"], parsed=found["parsed"], actor=actor, original=original)
    except Refused as refusal:
        return {"name": member["name"], "error": None, "refused": str(refusal)}
    return {**line, "pk": done.pk, "ref": ref}


def read_member(data: bytes, index: int, found: dict[str, Any]) -> Mapping[str, Any]:
    """Read one document apart; what was read of it is put into ``found``. Raises DocumentError, Refused."""
    found.update(read_apart("member", data, limits=EACH, index=index))
    parsed: Mapping[str, Any] = found["parsed"]
    return parsed
