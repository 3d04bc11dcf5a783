"""Files that nothing names any more (残留文件): swept from the table and from the store a week after they were brought.

What is refused or cancelled takes its file along at once. This finds the rest: a process that died between the store
and the database, a request whose transaction failed after its file was kept, work that was never carried out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.core.files.storage import storages

from chuangbao.core.access.row_access import unscoped
from chuangbao.core.batches import split_into_batches
from chuangbao.core.models import Job, JobStage, StoredFile
from chuangbao.core.storage.files import forget_unused
from chuangbao.core.storage.listing import list_stored

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["sweep_files", "sweep_store"]

WHY = "files that nothing names any more are nobody's"
PART = 1000
PLACE = re.compile(r"[0-9a-f]{2}/[0-9a-f]{32}")
"""How ``StoredFile.place`` looks; other content of the store is left alone."""


def sweep_files(*, before: datetime) -> int:
    """Forget files that were brought before a time and that no row points to, and return how many.

    What a job that is not over has in its arguments as ``file`` is waited for.
    """
    open_jobs = unscoped(Job, because=WHY).filter(stage__in=[JobStage.WAITING, JobStage.RUNNING])
    awaited = {found for found in open_jobs.values_list("arguments__file", flat=True) if isinstance(found, int)}
    rows = unscoped(StoredFile, because=WHY).filter(uploaded_at__lt=before)
    every = sorted(set(rows.values_list("pk", flat=True)) - awaited)
    return sum(forget_unused(part) for part in split_into_batches(every, PART))


def sweep_store(*, before: datetime) -> int:
    """Delete content that was written before a time and that no row names, and return how many files."""
    store, count = storages["kept"], 0
    for part in split_into_batches((name for name in list_stored(store) if PLACE.fullmatch(name)), PART):
        keys = {name.partition("/")[2] for name in part}
        rows = unscoped(StoredFile, because=WHY).filter(key__in=keys)
        known = {key.hex for key in rows.values_list("key", flat=True)}
        for name in part:
            if name.partition("/")[2] not in known and store.get_modified_time(name) < before:
                store.delete(name)
                count += 1
    return count
