"""One of everything of facts, for the table of permissions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile

from chuangbao.core.access.row_access import unscoped
from chuangbao.facts.domain.awarding import read_awards, record_award
from chuangbao.facts.domain.intake import read_upload
from chuangbao.facts.domain.stating import state
from chuangbao.facts.domain.subjects import subject_of
from chuangbao.facts.models import Award

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor
    from permissions.world import World


def make_rows(world: World) -> dict[str, Any]:
    """The owner's facts, one with a proof, and a file with more of them."""
    owner = world.actors["owner"]
    subject = subject_of(owner)
    table = SimpleUploadedFile("a.csv", "信息项,取值\nexpand_hires,3\n".encode())
    grants = SimpleUploadedFile("b.csv", "事项,批准日期\n2.3.5-jl-init,2024-06-01\n".encode())
    return {
        "subject": subject,
        "fact": state(subject=subject, name="expand_hires", value=3, actor=owner, evidence=world.rows["file"]),
        "intake": read_upload(upload=table, actor=owner),
        "award": award_of(owner),
        "award_file": read_awards(upload=grants, actor=owner),
    }


def award_of(actor: Actor) -> Award:
    """A past grant that the owner stated."""
    record_award(cells={"measure": "2.3.5-jl-init", "granted_on": "2024-05-01"}, actor=actor)
    return unscoped(Award, because="a test").get()


SAMPLES = {
    "facts:organisation": lambda w: {"pk": w.rows["organisation"].pk},
    "facts:fact": lambda w: {"pk": w.rows["subject"].pk, "name": "expand_hires"},
    "facts:move": lambda w: {"pk": w.rows["fact"].pk, "verb": "verify"},
    **{
        f"facts:{name}": lambda w: {"pk": w.rows["subject"].pk}
        for name in ("subject", "fill", "export_one", "reveal", "place")
    },
    **{f"facts:{name}": lambda w: {"pk": w.rows["fact"].pk} for name in ("resolve", "evidence")},
    **{f"facts:{name}": lambda w: {"pk": w.rows["intake"].pk} for name in ("checked", "confirm", "discard")},
    "facts:award": lambda w: {"pk": w.rows["award"].pk},
    "facts:award_undo": lambda w: {"pk": w.rows["award_file"].pk},
}
WORKBENCH_QUERIES = 1
"""What the workbench of an officer who verifies asks the database for the to-dos of this context."""
