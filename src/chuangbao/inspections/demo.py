"""Guidance of the demonstration (演示数据): to the space that a person of the demonstration runs."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from chuangbao.accounts.domain.acting import as_member, as_officer
from chuangbao.accounts.models import Membership, Post
from chuangbao.core.access.row_access import unscoped
from chuangbao.inspections.domain.notes import move_note, write_note
from chuangbao.inspections.models import GuidanceNote
from chuangbao.spaces.models import Space

__all__ = ["load_demo_inspections"]

WHY = "made-up rows of the demonstration"


@transaction.atomic
def load_demo_inspections() -> int:
    """Make what is missing, and return how many notes there are; running it again changes nothing."""
    rows = unscoped(GuidanceNote, because=WHY).filter(space__is_demo=True)
    host = find_host()
    post = unscoped(Post, because=WHY).filter(person__email__startswith="nanguan", person__is_demo=True).last()
    if host is None or post is None or rows.exists():
        return int(rows.count())
    spaces = unscoped(Space, because=WHY).filter(operator=host.organisation_id, is_demo=True, stage="open")
    space = spaces.order_by("pk").first()
    officer = as_officer(post)
    if space is None or not officer.covers(space.region_id):
        return 0
    by = timezone.localdate() + timedelta(days=20)
    first = write_note(
        space=space,
        actor=officer,
        topic="offers",
        title="演示：建议公开会议室价格",
        body="演示：公开页面上还看不到会议室的价格，建议补充，方便团队比较。",
        answer_by=by,
    )
    move_note(note=first, verb="answer", actor=as_member(host), text="演示：下周更新价目。")
    write_note(
        space=space,
        actor=officer,
        topic="safety",
        title="演示：冬季用电安全",
        body="演示：建议检查加工区的临时线路。",
        answer_by=by,
    )
    return int(rows.count())


def find_host() -> Membership | None:
    """Return the membership of the demonstration's person who runs a space."""
    rows = unscoped(Membership, because=WHY).filter(person__is_demo=True, organisation__spaces__is_demo=True)
    return rows.filter(role="owner", ended_at=None).order_by("pk").first()
