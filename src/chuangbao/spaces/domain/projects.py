"""Projects of a region (3.2): entered by its officers, with milestones; spaces belong by claim or by place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from shapely.geometry import Point, Polygon

from chuangbao.core.access.permissions import permit
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.engine.current import current_pack
from chuangbao.core.engine.regions import covered_regions, local_places
from chuangbao.core.localization.width import narrow
from chuangbao.core.messaging.notifications import tell
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import lock_row, transition
from chuangbao.spaces.domain.dependants import list_members, list_officers
from chuangbao.spaces.enums import MemberStage, ProjectKind, ProjectStage, SpaceStage
from chuangbao.spaces.models import Project, ProjectMember, ProjectMilestone, Site, Space
from chuangbao.spaces.permissions import may_change_space, may_keep_project, may_oversee_spaces, may_recognise_space

if TYPE_CHECKING:
    from datetime import date

    from chuangbao.core.access.actors import Actor

__all__ = [
    "PROJECT_FIELDS",
    "add_milestone",
    "claim_membership",
    "create_project",
    "enter_member",
    "find_candidates",
    "move_member",
    "move_project",
    "reach_milestone",
    "read_boundary",
    "read_codes",
    "update_project",
]

PROJECT_FIELDS = (
    "kind",
    "name",
    "industry",
    "industry_codes",
    "introduction",
    "addresses",
    "boundary",
    "started_on",
    "is_demonstration",
)
"""What an officer writes of a project, beside its region."""
WHY = "of a project that the caller may keep"
POLE, HALF_TURN = 90.0, 180.0
"""The largest latitude and longitude in degrees."""
CODES_BETWEEN = re.compile(r"[,;，；、\s]+")
CODE_LENGTHS, MOST_CODES = (2, 3, 4), 12
FEWEST_POINTS, MOST_POINTS, MOST_MILESTONES, MOST_CANDIDATES = 3, 40, 30, 50


def read_codes(text: str) -> list[str]:
    """Return the codes of GB/T 4754 in a text, each once; none where nothing is written.

    Raises Refused (industry_codes): no_code, many_codes.
    """
    listed = current_pack().codes.get("industry")
    divisions = {code.code for code in listed.codes} if listed else set()
    codes = list(dict.fromkeys(CODES_BETWEEN.sub(" ", narrow(text)).split()))
    for code in codes:
        if not (code.isascii() and code.isdigit() and len(code) in CODE_LENGTHS and code[:2] in divisions):
            message = _("%s is no code of GB/T 4754. Write two to four digits, such as 15 or 1522.") % code[:12]
            raise Refused("no_code", message, field="industry_codes")
    if len(codes) > MOST_CODES:
        raise Refused("many_codes", _("At most %d codes are taken.") % MOST_CODES, field="industry_codes")
    return codes


def read_boundary(text: str) -> list[tuple[float, float]]:
    """Return the points around an area as latitude and longitude in degrees; none where nothing is written.

    Raises Refused (boundary): odd_point with the line, few_points, many_points, crossed.
    """
    points = []
    for number, line in enumerate(filter(None, map(str.strip, text.splitlines())), start=1):
        try:
            north, east = (float(part) for part in line.replace("，", ",").split(","))
        except ValueError:
            north = east = 999.0
        if not (abs(north) <= POLE and abs(east) <= HALF_TURN):
            message = _("Line %(line)d is not a point such as 43.88680,125.32450.") % {"line": number}
            raise Refused("odd_point", message, field="boundary")
        points.append((north, east))
    if points and len(points) < FEWEST_POINTS:
        raise Refused("few_points", _("An area has three points or more. Leave it empty if unknown."), field="boundary")
    if len(points) > MOST_POINTS:
        message = _("At most %d points are taken.") % MOST_POINTS
        raise Refused("many_points", message, field="boundary")
    if points and not Polygon(points).is_valid:
        message = _("The line around the area crosses itself. Write the points in order, one beside the next.")
        raise Refused("crossed", message, field="boundary")
    return points


@transaction.atomic
def create_project(*, actor: Actor, region: str, **values: Any) -> Project:
    """Enter a project of the officer's area; it is public at once.

    Raises Forbidden; Refused: no_place (region), and what ``write_project`` refuses.
    """
    permit(may_oversee_spaces, actor=actor)
    if region not in {unit.code for unit in local_places()} or not actor.covers(region):
        raise Refused("no_place", _("Choose a place of your area."), field="region")
    row = Project(region_id=region, entered_by_id=actor.person_id)
    write_project(row, values)
    record(actor, "project.enter", row, data={"kind": row.kind})
    return row


@transaction.atomic
def update_project(*, project: Project, actor: Actor, seen: int, region: str = "", **values: Any) -> Project:
    """Change what is said of a project; ``seen`` is the revision that the officer had before them.

    Raises Forbidden; Refused: changed, over, no_place (region), and what ``write_project`` refuses.
    """
    row = lock_project(project, actor)
    if row.revision != seen:
        raise Refused("changed", _("A colleague changed this entry after you opened the page. Look at it again."))
    if region and region != row.region_id:
        if region not in {unit.code for unit in local_places()} or not actor.covers(region):
            raise Refused("no_place", _("Choose a place of your area."), field="region")
        row.region_id = region
    write_project(row, values)
    record(actor, "project.change", row)
    return row


def lock_project(project: Project, actor: Actor) -> Project:
    """Return a project of the officer's area, locked. Raises Forbidden; Refused: gone, over."""
    row = lock_row(project)
    permit(may_keep_project, actor=actor, row=row)
    if row.is_over:
        raise Refused("over", _("This project has ended, so its entry cannot be changed."))
    return row


def write_project(row: Project, values: dict[str, Any]) -> None:
    """Keep what an officer wrote.

    Raises Refused: industry_needed (industry), name_taken (name), and what ``read_codes`` and ``read_boundary`` refuse.
    """
    for name, value in values.items():
        setattr(row, name, value)
    if row.kind == ProjectKind.PARK and not row.industry.strip():
        message = _("A specialised park is built around a local industry. Name it.")
        raise Refused("industry_needed", message, field="industry")
    row.industry_codes = " ".join(read_codes(row.industry_codes))
    read_boundary(row.boundary)
    same = unscoped(Project, because=WHY).filter(region=row.region_id, name=row.name).exclude(pk=row.pk)
    if same.exclude(stage=ProjectStage.ENDED).exists():
        raise Refused("name_taken", _("The region has a project of this name already."), field="name")
    row.revision += 1
    row.save()


@transaction.atomic
def move_project(*, project: Project, verb: str, actor: Actor, reason: str = "") -> Project:
    """Start a project, or end it. Raises Refused: reason_needed (reason), not_permitted, not_in_…."""
    row = lock_row(project)
    if verb == "end" and reason.strip() and may_keep_project.test(actor, row) and not row.is_over:
        row.ended_on, row.end_reason = timezone.localdate(), reason.strip()
        row.save(update_fields=["ended_on", "end_reason"])
    elif verb == "start" and row.started_on is None and may_keep_project.test(actor, row):
        row.started_on = timezone.localdate()
        row.save(update_fields=["started_on"])
    return transition(row, verb, actor=actor, reason=reason.strip())


@transaction.atomic
def add_milestone(*, project: Project, title: str, due_on: date, actor: Actor) -> ProjectMilestone:
    """Add a milestone. Raises Forbidden; Refused: title_needed and title_taken (title), too_many, over, gone."""
    row = lock_project(project, actor)
    if not title.strip():
        raise Refused("title_needed", _("Please fill this in."), field="title")
    rows = unscoped(ProjectMilestone, because=WHY).filter(project=row)
    if rows.count() >= MOST_MILESTONES:
        raise Refused("too_many", _("A project has %d milestones at most.") % MOST_MILESTONES)
    if rows.filter(title=title.strip()).exists():
        raise Refused("title_taken", _("The project has a milestone of this title."), field="title")
    made = ProjectMilestone.objects.create(project=row, title=title.strip(), due_on=due_on)
    record(actor, "project.milestone", row, data={"milestone": made.pk})
    return made


@transaction.atomic
def reach_milestone(*, milestone: ProjectMilestone, reached_on: date, evidence: str, actor: Actor) -> ProjectMilestone:
    """Say since when a milestone is reached, and what shows it.

    Raises Forbidden; Refused: over, gone, future_day (reached_on), evidence_needed (evidence).
    """
    project = lock_project(milestone.project, actor)
    row = lock_row(milestone)
    if reached_on > timezone.localdate():
        raise Refused("future_day", _("This day is still to come."), field="reached_on")
    if not evidence.strip():
        raise Refused("evidence_needed", _("Please fill this in."), field="evidence")
    row.reached_on, row.evidence = reached_on, evidence.strip()
    row.save(update_fields=["reached_on", "evidence"])
    record(actor, "project.reach", project, data={"milestone": row.pk})
    return row


@transaction.atomic
def claim_membership(*, project: Project, space: Space, actor: Actor, note: str = "") -> ProjectMember:
    """Ask as its operator that a space belongs to a project; the officers of the place hear of it.

    Raises Forbidden; Refused: over, ended (space), there_already (space).
    """
    row = lock_running(project)
    permit(may_change_space, actor=actor, row=space)
    made = create_member(row, space, actor, note, MemberStage.ASKED)
    data = {"name": space.name, "project": row.name}
    tell(
        "project.asked", to=list_officers(row.region_id) - {actor.person}, data=data, url=f"/spaces/projects/{row.pk}/"
    )
    return made


@transaction.atomic
def enter_member(*, project: Project, space: Space, actor: Actor) -> ProjectMember:
    """Enter as an officer that a space lies in a project; its operator hears of it and may leave.

    Raises Forbidden; Refused: over, gone, ended (space), there_already (space).
    """
    row = lock_project(project, actor)
    permit(may_recognise_space, actor=actor, row=space)
    made = create_member(row, space, actor, "", MemberStage.MEMBER)
    tell_operator(made, "project.entered", actor)
    return made


def lock_running(project: Project) -> Project:
    """Return a project, locked, that has not ended. Raises Refused: gone, over."""
    row = lock_row(project)
    if row.is_over:
        raise Refused("over", _("This project has ended, so its entry cannot be changed."))
    return row


def create_member(project: Project, space: Space, actor: Actor, note: str, stage: str) -> ProjectMember:
    """Write that a space asks or belongs. Raises Refused: ended, there_already (both: space)."""
    if lock_row(space).stage != SpaceStage.OPEN:
        raise Refused("ended", _("This space does not run any more."), field="space")
    rows = unscoped(ProjectMember, because=WHY).filter(project=project, space=space)
    if rows.filter(stage__in=[MemberStage.ASKED, MemberStage.MEMBER]).exists():
        raise Refused("there_already", _("This space belongs to the project, or has asked for it."), field="space")
    is_member = stage == MemberStage.MEMBER
    made = ProjectMember.objects.create(
        project=project,
        space=space,
        stage=stage,
        note=note.strip(),
        asked_by_id=actor.person_id,
        decided_at=timezone.now() if is_member else None,
    )
    record(actor, "project.member" if is_member else "project.ask", project, data={"space": space.pk})
    return made


@transaction.atomic
def move_member(*, member: ProjectMember, verb: str, actor: Actor, reason: str = "") -> ProjectMember:
    """Confirm or decline a claim, leave as the operator, or take a space out as an officer.

    Raises Refused: reason_needed (reason), not_permitted, not_in_….
    """
    lock_row(member.project)  # first the project, as all its verbs do
    row = transition(member, verb, actor=actor, reason=reason.strip())
    row.decided_at = timezone.now()
    row.save(update_fields=["decided_at"])
    if verb == "leave":
        data = {"name": row.space.name, "project": row.project.name}
        to = list_officers(row.region_id) - {actor.person}
        tell("project.left", to=to, data=data, url=f"/spaces/projects/{row.project_id}/")
    else:
        tell_operator(row, f"project.{verb}", actor, reason=reason.strip())
    return row


def tell_operator(member: ProjectMember, event: str, actor: Actor, **more: str) -> None:
    """Tell the operator of a space what happened to its membership."""
    data = {"name": member.space.name, "project": member.project.name, **more}
    to = list_members(member.space.operator_id) - {actor.person}
    tell(event, to=to, data=data, url=f"/spaces/projects/{member.project_id}/")


def find_candidates(project: Project) -> list[Space]:
    """Return the running spaces that lie in the area or in one of the streets and are not in the project yet."""
    taken = unscoped(ProjectMember, because=WHY).filter(
        project=project, stage__in=[MemberStage.ASKED, MemberStage.MEMBER]
    )
    sites = unscoped(Site, because="sites are public").filter(until=None, space__stage=SpaceStage.OPEN)
    sites = sites.exclude(space__in=taken.values("space")).select_related("space").order_by("space__name", "pk")
    area = Polygon(read_boundary(project.boundary))
    south, west, north, east = area.bounds if not area.is_empty else (0, 0, 0, 0)
    within = sites.filter(latitude__range=(south, north), longitude__range=(west, east)) if not area.is_empty else []
    found = {
        site.space_id: site.space for site in within if area.covers(Point(float(site.latitude), float(site.longitude)))
    }
    for street in project.streets:
        near = sites.filter(region__in=covered_regions(project.region_id), address__contains=street)
        found.update({site.space_id: site.space for site in near[:MOST_CANDIDATES]})
    return sorted(found.values(), key=lambda space: space.name)[:MOST_CANDIDATES]
