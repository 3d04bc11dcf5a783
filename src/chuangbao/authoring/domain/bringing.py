"""Bringing a file to the desk (文件导入): at once where it is short, by the worker where reading takes longer.

The file itself is kept beside what was read of it, so that a colleague can compare them.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from chuangbao.accounts.domain.acting import officer
from chuangbao.authoring.domain.documents import bring_document, refuse_taken
from chuangbao.authoring.permissions import may_draft
from chuangbao.core.access.permissions import permit
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.jobs.jobs import start, work
from chuangbao.core.models import StoredFile
from chuangbao.core.storage.files import all_or_nothing, forget_unused, keep, read
from chuangbao.core.storage.filetypes import DOCUMENTS, OTHER
from chuangbao.core.storage.reading import IN_JOB, read_apart
from chuangbao.core.workflow.refusals import Refused
from chuangbao.gongwen import DocumentError
from chuangbao.policies.domain.reading import read_upload
from chuangbao.policies.readerwords import explain_document_error

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.core.files.uploadedfile import UploadedFile

    from chuangbao.core.access.actors import Actor
    from chuangbao.core.jobs.jobs import Work
    from chuangbao.core.models import Job
    from chuangbao.policies.models import RegisteredDocument

__all__ = ["actor_of", "bring_file", "forget_brought", "is_long", "keep_original", "queue_file"]

LONG: Final = 1_500_000
"""Bytes from which reading a file is expected to take more than a second."""
MANY_PAGES: Final = 40
WHY = "the job is the officer's who brought the file"


def is_long(upload: UploadedFile[bytes]) -> bool:
    """Return whether reading is expected to take more than a second: many bytes, or many pages of a PDF."""
    if (upload.size or 0) > LONG:
        return True
    upload.seek(0)
    content: bytes = upload.read()
    upload.seek(0)
    return content.startswith(b"%PDF") and content.count(b"/Type/Page") + content.count(b"/Type /Page") > MANY_PAGES


def bring_file(*, ref: str, upload: UploadedFile[bytes], actor: Actor) -> RegisteredDocument:
    """Read a short file, keep it, and make a document of it.

    Raises DocumentError, and Refused: what ``read_upload``, ``keep`` and ``bring_document`` refuse.
    """
    text, parsed = read_upload(upload)
    with all_or_nothing():
        permit(may_draft, actor=actor)
        refuse_taken(ref)
        original = keep_original(upload, actor)
        return bring_document(ref=ref, text=text, parsed=parsed, actor=actor, original=original)


@all_or_nothing()
def queue_file(*, ref: str, upload: UploadedFile[bytes], actor: Actor) -> Job:
    """Keep a long file and leave reading it to the worker; the page of the job leads on to the document.

    Raises Refused: ref_taken, and what ``keep`` refuses.
    """
    permit(may_draft, actor=actor)
    refuse_taken(ref)
    file = keep_original(upload, actor)
    title = _("Reading %(name)s") % {"name": file.name}
    return start("policies.bring", actor=actor, title=title, ref=ref, file=file.pk)


def keep_original(upload: UploadedFile[bytes], actor: Actor) -> StoredFile:
    """Keep the file as it was brought; a saved page or an old Word file is kept without a type of its own."""
    ending = PurePath(str(upload.name)).suffix.lower().lstrip(".")
    known = None if ending in {kind.ending for kind in DOCUMENTS} else OTHER
    return keep(upload=upload, actor=actor, purpose="document", known=known)


def forget_brought(*, file: int, **_rest: object) -> None:
    """Forget a kept file that came to nothing: the job was cancelled or failed, and no document has it."""
    forget_unused([file])


@work("policies.bring", undo=forget_brought)
def read_kept_file(task: Work, *, ref: str, file: int) -> Mapping[str, object]:
    """Read the file, with the time that a job has, and make a document of it in the name of who brought it.

    Raises Refused: unreadable, ref_taken, and what reading apart refuses.
    """
    row = unscoped(StoredFile, because=WHY).get(pk=file)
    task.step(0, 2, _("Reading"))
    found = read_words(row)
    task.step(1, 2, _("Making clauses"))
    document = bring_document(ref=ref, actor=actor_of(task), original=row, **found)
    return {"url": reverse("authoring:paper", args=[document.pk])}


def read_words(row: StoredFile) -> dict[str, Any]:
    """Read a kept file apart. Raises Refused: unreadable, costly, busy, broken."""
    try:
        found = read_apart("document", read(row), limits=IN_JOB, name=f"upload{PurePath(row.name).suffix.lower()[:8]}")
    except DocumentError as error:
        raise Refused("unreadable", explain_document_error(error, name=row.name)) from error
    return {"text": found["text"], "parsed": found["parsed"]}


def actor_of(task: Work) -> Actor:
    """Return who started a job, in the post that it was started in. Raises Refused(over) where the post has ended."""
    job = task.job
    kind, _sign, number = job.acting.partition(":")
    actor = officer(job.person, int(number)) if kind == "officer" and job.person and number else None
    if actor is None:
        raise Refused("over", _("You no longer hold the post in which you started this."))
    return actor
