"""Guidance and a draw of the demonstration (演示数据), with a visit to the space that a person of it runs."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from chuangbao.accounts.domain.acting import as_member, as_officer
from chuangbao.accounts.models import Membership, Post
from chuangbao.core.access.row_access import unscoped
from chuangbao.inspections.domain.candidates import list_inspectors, list_spaces
from chuangbao.inspections.domain.draws import draw_by_number, exclude, freeze_draw, prepare_draw, publish_draw
from chuangbao.inspections.domain.notes import move_note, write_note
from chuangbao.inspections.domain.upgrades import (
    add_plan_milestone,
    move_upgrade,
    plan_upgrade,
    reach_plan_milestone,
)
from chuangbao.inspections.domain.visits import record_visit
from chuangbao.inspections.enums import CheckItem, VisitStage
from chuangbao.inspections.models import Draw, GuidanceNote
from chuangbao.spaces.models import Space

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor

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
    draw_some(officer, space)
    plan_some(space, as_member(host))
    return int(rows.count())


def plan_some(space: Space, host: Actor) -> None:
    """Plan an upgrade of the space of the demonstration."""
    today = timezone.localdate()
    days = {"starts_on": today, "due_on": today + timedelta(days=360)}
    plan = plan_upgrade(space=space, to_kind="incubator", aim="演示：扩建孵化区，增加辅导人员。", actor=host, **days)
    first = add_plan_milestone(plan=plan, title="演示：完成场地改造", due_on=today, actor=host)
    reach_plan_milestone(milestone=first, reached_on=today, evidence="演示：验收单", actor=host)
    add_plan_milestone(plan=plan, title="演示：在孵企业达到20家", due_on=today + timedelta(days=20), actor=host)
    move_upgrade(plan=plan, verb="begin", actor=host)


def draw_some(officer: Actor, space: Space) -> None:
    """Draw the space of the demonstration, and put on record what was found there."""
    draw = prepare_draw(title="演示·年度双随机抽查", amount=1, is_share=False, each=1, actor=officer)
    for other in list_spaces(officer.region):
        if other.pk != space.pk:
            exclude(draw=draw, space=other.pk, reason="演示：今年已由市里检查", actor=officer)
    for post in list_inspectors(officer.region):
        if post.pk != officer.holder_id:
            exclude(draw=draw, post=post.pk, reason="演示：休假", actor=officer)
    today = timezone.localdate()
    freeze_draw(draw=draw, number_source="演示：某日公布的开奖号码", number_day=today, actor=officer)
    drawn = draw_by_number(draw=draw, number="演示12345", actor=officer)
    unscoped(Draw, because=WHY).filter(pk=drawn.pk).update(is_demo=True)
    findings = dict.fromkeys(CheckItem.values, ("fine", ""))
    record_visit(
        visit=drawn.visits.get(),
        visited_at=timezone.now(),
        place="演示路1号",
        result=VisitStage.MENDING,
        findings=findings | {CheckItem.SAFETY.value: ("problem", "演示：安全通道堆放杂物")},
        actor=officer,
        mend_by=today + timedelta(days=10),
        summary="演示：现场照片另附。",
    )
    publish_draw(draw=drawn, actor=officer)


def find_host() -> Membership | None:
    """Return the membership of the demonstration's person who runs a space."""
    rows = unscoped(Membership, because=WHY).filter(person__is_demo=True, organisation__spaces__is_demo=True)
    return rows.filter(role="owner", ended_at=None).order_by("pk").first()
