"""One of everything of spaces, for the table of permissions."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

import factories
from chuangbao.spaces.domain.catalogue import keep_offer
from chuangbao.spaces.domain.ending import transfer_space
from chuangbao.spaces.domain.following import follow_space
from chuangbao.spaces.domain.pictures import add_picture
from chuangbao.spaces.domain.projects import add_milestone, claim_membership, create_project
from chuangbao.spaces.domain.recognising import enter_recognition
from chuangbao.spaces.domain.registering import register_space
from chuangbao.spaces.models import Project, ProjectMember, Recognition, Transfer

if TYPE_CHECKING:
    from chuangbao.accounts.models import Person
    from chuangbao.core.access.actors import Actor
    from chuangbao.spaces.models import Space
    from permissions.world import World


def make_space(actor: Actor, name: str = "演示·空间", **values: Any) -> Space:
    """A space with one site whose areas add up to 1000 m²."""
    areas = {"total_area": 1000, "office_area": 100, "tenant_area": 700, "service_area": 150, "other_area": 50}
    given = {"kind": "maker", "region": factories.COUNTY, **values}
    return register_space(actor=actor, name=name, site={"address": "演示路1号", **areas}, **given)


def make_picture(wide: int = 800, high: int = 600, colour: Any = "teal", **more: Any) -> SimpleUploadedFile:
    """A picture as a camera makes it."""
    out = BytesIO()
    Image.new("RGB", (wide, high), colour).save(out, "JPEG", **more)
    return SimpleUploadedFile("工位.jpg", out.getvalue(), "image/jpeg")


def make_project(actor: Actor, name: str = "演示·一条街", **values: Any) -> Project:
    """A start-up street."""
    given = {"kind": "street", "region": factories.COUNTY, **values}
    return create_project(actor=actor, name=name, **given)


def make_project_rows(officer: Actor, owner: Actor, space: Space) -> dict[str, Any]:
    """A street with a milestone, which the space asks to belong to."""
    project = make_project(officer)
    return {
        "project": project,
        "project_milestone": add_milestone(project=project, title="开街", due_on=date(2030, 1, 1), actor=officer),
        "project_member": claim_membership(project=project, space=space, actor=owner),
    }


def make_rows(world: World) -> dict[str, Any]:
    """A space of the owner that is recognised and offered to another organisation."""
    space = make_space(world.actors["owner"])
    to = factories.organisation()
    factories.membership(where=to)
    owner = world.actors["owner"]
    return {
        "space": space,
        "space_picture": add_picture(space=space, actor=owner, file=make_picture(), alt="演示·一排工位"),
        "site": space.sites.get(),
        **make_project_rows(world.actors["registrar"], owner, space),
        "offer": keep_offer(space=space, actor=world.actors["owner"], kind="work", name="演示·开放工位"),
        "transfer": transfer_space(space=space, actor=world.actors["owner"], code=to.code),
        "recognition": enter_recognition(
            space=space,
            actor=world.actors["registrar"],
            scheme="city",
            number="演示〔2025〕1号",
            since=date(2025, 1, 1),
        ),
    }


def leave_rows(person: Person) -> None:
    """A space that the person follows, a transfer that they offered and a recognition that they entered."""
    owner = factories.member()
    space = make_space(owner)
    follow_space(space=space, actor=factories.as_self(person))
    other = factories.organisation()
    Transfer.objects.create(space=space, giver_id=space.operator_id, receiver=other, offered_by=person)
    project = Project.objects.create(kind="street", name="街", region_id=factories.COUNTY, entered_by=person)
    ProjectMember.objects.create(project=project, space=space, asked_by=person)
    Recognition.objects.create(
        space=space, scheme="city", act="recognition", level="city", number="1", since=date(2025, 1, 1),
        entered_by=person,
    )  # fmt: skip


ROLES = {"registrar": lambda: factories.officer("spaces")}


def of_space(world: World) -> dict[str, Any]:
    """The address of the space."""
    return {"pk": world.rows["space"].pk}


def of_site(world: World) -> dict[str, Any]:
    """The address of its site."""
    return {"pk": world.rows["space"].pk, "site": world.rows["site"].pk}


def of_picture(world: World) -> dict[str, Any]:
    """The address of a picture of the space, as its operator keeps it."""
    return {"pk": world.rows["space"].pk, "picture": world.rows["space_picture"].pk}


def of_transfer(world: World) -> dict[str, Any]:
    """The address of its transfer."""
    return {"pk": world.rows["transfer"].pk}


def of_project(world: World) -> dict[str, Any]:
    """The address of the street."""
    return {"pk": world.rows["project"].pk}


SAMPLES: dict[str, Any] = {
    **dict.fromkeys(
        (
            "spaces:project_edit",
            "spaces:project_start",
            "spaces:project_end",
            "spaces:project_milestone",
            "spaces:project_candidates",
        ),
        of_project,
    ),
    "spaces:project_reach": lambda w: of_project(w) | {"milestone": w.rows["project_milestone"].pk},
    "spaces:project_member": lambda w: {"pk": w.rows["project_member"].pk, "verb": "confirm"},
    **dict.fromkeys(
        (
            "spaces:edit",
            "spaces:site_add",
            "spaces:offers",
            "spaces:new_tags",
            "spaces:pictures",
            "spaces:ending",
            "spaces:hand_on",
            "spaces:recognition_add",
        ),
        of_space,
    ),
    **dict.fromkeys(
        ("spaces:picture_edit", "spaces:picture_move", "spaces:picture_drop", "spaces:picture_take_down"), of_picture
    ),
    "spaces:site": of_site,
    "spaces:site_end": of_site,
    "spaces:offer_drop": lambda w: of_space(w) | {"offer": w.rows["offer"].pk},
    "spaces:end": lambda w: of_space(w) | {"verb": "close"},
    "spaces:transfer": of_transfer,
    "spaces:transfer_move": lambda w: of_transfer(w) | {"verb": "withdraw"},
    "spaces:recognition_end": lambda w: {"pk": w.rows["recognition"].pk},
}
OPEN = {
    **dict.fromkeys(("spaces:project", "spaces:project_points", "spaces:project_claim"), of_project),
    **dict.fromkeys(("spaces:space", "spaces:embed", "spaces:follow"), of_space),
    **dict.fromkeys(("spaces:picture", "spaces:picture_small"), lambda world: {"pk": world.rows["space_picture"].pk}),
}
PAGES = [
    "/spaces/",
    "/spaces/projects/",
    "/spaces/projects/data/projects.csv",
    "/spaces/map.json",
    "/spaces/compare/",
    "/spaces/data/spaces.csv",
    "/spaces/data/spaces.json",
]
