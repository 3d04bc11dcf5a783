"""One of everything, and everybody who might look at it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

import factories
from chuangbao.accounts.domain import members, organisations
from chuangbao.checkup import verbs as checkup
from chuangbao.core.access.actors import ANONYMOUS
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.engine.current import current_pack
from chuangbao.core.jobs import jobs
from chuangbao.core.models import Notice
from chuangbao.core.storage.files import keep
from chuangbao.core.workflow.proposals import propose
from chuangbao.facts.domain.awarding import read_awards, record_award
from chuangbao.facts.domain.intake import read_upload
from chuangbao.facts.domain.stating import state
from chuangbao.facts.domain.subjects import subject_of
from chuangbao.facts.models import Award
from chuangbao.policies.domain.batches import queue_files
from chuangbao.policies.domain.comments import add_comment
from chuangbao.policies.domain.documents import bring_document
from chuangbao.policies.domain.drafts import begin_draft, register_measure
from chuangbao.policies.domain.interpretations import begin_interpretation
from chuangbao.policies.domain.reading import read_text
from chuangbao.policies.domain.simulations import begin_simulation, put_variant
from chuangbao.policies.models import PopulationRun, Simulation
from measuretext import REF, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from chuangbao.core.access.actors import Actor

ROLES = (
    "anonymous", "founder", "owner", "clerk", "other_owner", "officer", "neighbour", "city", "editor", "reviewer",
    "system_admin", "security_admin", "audit_admin",
)  # fmt: skip
STRANGERS = {"anonymous", "founder", "other_owner", "neighbour"}
"""Whose sight the owner's things are never in."""


@dataclass
class World:
    """The people by role, and the rows that addresses name."""

    actors: dict[str, Actor] = field(default_factory=dict)
    rows: dict[str, Any] = field(default_factory=dict)


def build() -> World:
    """An organisation in one county with all that belongs to it, and everybody around it."""
    world = World()
    there = factories.organisation("被看的企业")
    owner = factories.membership(where=there)
    world.actors = {
        "anonymous": ANONYMOUS,
        "founder": factories.founder(),
        "owner": factories.as_member(owner),
        "clerk": factories.member(there, "clerk"),
        "other_owner": factories.member(),
        "officer": factories.officer(),
        "neighbour": factories.officer(region=factories.NEIGHBOUR),
        "city": factories.officer(region=factories.CITY),
        "editor": factories.officer("policy_editor", region=factories.PROVINCE),
        "reviewer": factories.officer("policy_reviewer", region=factories.PROVINCE),
        **{kind: factories.admin(kind) for kind in ("system_admin", "security_admin", "audit_admin")},
    }
    acting = world.actors["owner"]
    world.rows = {
        "organisation": there,
        "membership": owner,
        "invitation": members.invite(organisation=there, actor=acting, email="x@example.org", role="clerk"),
        "claim": organisations.claim_organisation(actor=factories.founder(), code=there.code, reason="x"),
        "post": factories.post(),
        "duty": world.actors["audit_admin"],
        "notice": notice_of(acting),
        "job": job_of(acting),
        "checkup": checkup.start(pack=current_pack(), who="student", want="", day=date(2026, 11, 25)),
        "simulation": simulation_of(world.actors["editor"]),
        "run": PopulationRun.objects.create(day=date(2026, 11, 25)),
        "file": keep(upload=factories.upload(), actor=acting, purpose="licence"),
    }
    world.rows["proposal"] = propose(there, "close", actor=world.actors["officer"], reason="x")
    world.rows |= facts_of(acting, world.rows["file"])
    world.rows |= texts_of(world.actors["editor"])
    return world


def facts_of(actor: Actor, proof: Any) -> dict[str, Any]:
    """The owner's facts, one with a proof, and a file with more of them."""
    subject = subject_of(actor)
    table = SimpleUploadedFile("a.csv", "信息项,取值\nexpand_hires,3\n".encode())
    grants = SimpleUploadedFile("b.csv", "事项,批准日期\n2.3.5-jl-init,2024-06-01\n".encode())
    return {
        "subject": subject,
        "fact": state(subject=subject, name="expand_hires", value=3, actor=actor, evidence=proof),
        "intake": read_upload(upload=table, actor=actor),
        "award": award_of(actor),
        "award_file": read_awards(upload=grants, actor=actor),
    }


def award_of(actor: Actor) -> Award:
    """A past grant that the owner stated."""
    record_award(cells={"measure": "2.3.5-jl-init", "granted_on": "2024-05-01"}, actor=actor)
    return unscoped(Award, because="a test").get()


def texts_of(editor: Actor) -> dict[str, Any]:
    """Drafts of a measure, a document and an explanation on the province's desk."""
    measure = register_measure(ref=REF, region=editor.region, department=editor.department, actor=editor)
    text, parsed = read_text("关于演示的通知\n\n一、补贴\n\n（一）给予补贴。\n")
    upload = SimpleUploadedFile("a.txt", text.encode())
    original = keep(upload=upload, actor=editor, purpose="document")
    document = bring_document(ref="test-1", text=text, parsed=parsed, actor=editor, original=original)
    values = {"document": "jilin-2015-31", "clause": "", "kind": "question", "title": "问", "text": "答"}
    version = begin_draft(measure=measure, content=text_of(region=editor.region), actor=editor)
    clause = document.clauses.first()
    said = add_comment(row=document, clause=clause, text="金额对吗？", actor=editor)
    add_comment(row=document, text="对。", answers=said.pk, actor=editor)
    add_comment(row=version, condition="staff", text="人数对吗？", actor=editor)
    return {
        "version": version,
        "paper": document,
        "clause": clause,
        "comment": said,
        "batch": queue_files(ref="many", uploads=[upload], actor=editor),
        "note": begin_interpretation(values=values, actor=editor),
    }


def notice_of(actor: Actor) -> Notice:
    """Something the owner was told."""
    return unscoped(Notice, because="a test").create(person_id=actor.person_id, event="x")


def simulation_of(actor: Actor) -> Any:
    """What the editor of the province wants to know."""
    version = "CIT-SLP-2015A"
    row = begin_simulation(measure="2.6.3-small-profit", version=version, title="x", day=date(2015, 6, 30), actor=actor)
    put_variant(simulation=row, number=None, name="x", version=version, day=None, changes={}, actor=actor)
    found = {
        "columns": [],
        "dimensions": [],
        "subjects": 0,
        "seconds": 0,
        "population": {"sample": True, "name": "x", "digest": "x"},
    }
    unscoped(Simulation, because="a test").filter(pk=row.pk).update(result=found, ran_at=timezone.now())
    return row


def job_of(actor: Actor) -> Any:
    """Something the owner started."""
    jobs.WORKS.setdefault("test.nothing", lambda _work: {})
    return jobs.start("test.nothing", actor=actor, title="导入")


SAMPLES: dict[str, Callable[[World], dict[str, Any]]] = {
    "accounts:organisation": lambda w: {"pk": w.rows["organisation"].pk},
    **{
        f"accounts:{name}": lambda w: {"pk": w.rows["organisation"].pk} for name in ("correct", "hand_over", "dissolve")
    },
    "accounts:invite": lambda w: {"pk": w.rows["organisation"].pk},
    "accounts:withdraw": lambda w: {"pk": w.rows["organisation"].pk, "invitation": w.rows["invitation"].pk},
    "accounts:member": lambda w: {"pk": w.rows["organisation"].pk, "membership": w.rows["membership"].pk},
    "accounts:standing": lambda w: {"pk": w.rows["organisation"].pk, "verb": "verify"},
    "accounts:decide": lambda w: {"pk": w.rows["claim"].pk, "verb": "grant"},
    "accounts:confirm_post": lambda w: {"pk": w.rows["post"].pk},
    "accounts:department": lambda w: {"pk": w.rows["post"].agency_id},
    "accounts:end_post": lambda w: {"pk": w.rows["post"].pk},
    "accounts:end_duty": lambda w: {"pk": w.rows["duty"].holder_id},
    "facts:organisation": lambda w: {"pk": w.rows["organisation"].pk},
    "facts:fact": lambda w: {"pk": w.rows["subject"].pk, "name": "expand_hires"},
    "facts:move": lambda w: {"pk": w.rows["fact"].pk, "verb": "verify"},
    **{
        f"facts:{name}": lambda w: {"pk": w.rows["subject"].pk} for name in ("subject", "export_one", "reveal", "place")
    },
    **{f"facts:{name}": lambda w: {"pk": w.rows["fact"].pk} for name in ("resolve", "evidence")},
    **{f"facts:{name}": lambda w: {"pk": w.rows["intake"].pk} for name in ("checked", "confirm", "discard")},
    "facts:award": lambda w: {"pk": w.rows["award"].pk},
    "facts:award_undo": lambda w: {"pk": w.rows["award_file"].pk},
    **{
        f"policies:{name}": lambda w: {"pk": w.rows["version"].pk}
        for name in ("desk_version", "desk_text", "desk_keep", "desk_comment", "desk_correct")
    },
    "policies:desk_move": lambda w: {"pk": w.rows["version"].pk, "verb": "submit"},
    **{
        f"policies:{name}": lambda w: {"pk": w.rows["paper"].pk}
        for name in ("desk_paper", "desk_paper_head", "desk_paper_original", "desk_paper_comment")
    },
    "policies:desk_paper_move": lambda w: {"pk": w.rows["paper"].pk, "verb": "submit"},
    "policies:desk_comment_settle": lambda w: {"pk": w.rows["comment"].pk},
    "policies:desk_clause": lambda w: {"pk": w.rows["clause"].pk},
    **{f"policies:{name}": lambda w: {"pk": w.rows["note"].pk} for name in ("desk_note", "desk_note_revise")},
    "policies:desk_note_move": lambda w: {"pk": w.rows["note"].pk, "verb": "submit"},
    "policies:simulation_new": lambda _w: {"ref": "2.6.3-small-profit"},
    **{
        f"policies:simulation{part}": lambda w: {"key": w.rows["simulation"].key}
        for part in ("", "_settings", "_run", "_copy", "_figures", "_export", "_variant_new")
    },
    **{
        f"policies:simulation_{part}": lambda w: {"key": w.rows["simulation"].key, "number": 1}
        for part in ("variant", "drop")
    },
    "policies:desk_batch": lambda w: {"key": w.rows["batch"].key},
    "core:notice": lambda w: {"pk": w.rows["notice"].pk},
    "core:job": lambda w: {"key": w.rows["job"].key},
    "core:cancel_job": lambda w: {"key": w.rows["job"].key},
    "policies:explanation": lambda w: {"pk": w.rows["subject"].pk, "ref": "2.6.3-small-profit"},
    **{f"policies:{name}": lambda w: {"pk": w.rows["run"].pk} for name in ("run", "run_facts", "run_export")},
    "policies:run_measure": lambda w: {"pk": w.rows["run"].pk, "ref": "2.6.3-small-profit"},
    "core:proposal": lambda w: {"pk": w.rows["proposal"].pk, "verb": "confirm"},
    "core:file": lambda w: {"key": w.rows["file"].key},
}
"""How the address of one of the owner's things is made: the owner and those above see it, strangers do not."""

OPEN: dict[str, Callable[[World], dict[str, Any]]] = {
    "accounts:invitation": lambda w: {"token": w.rows["invitation"].token},
    "accounts:own_invitation": lambda w: {"pk": w.rows["invitation"].pk},
    "account_confirm_email": lambda _w: {"key": "nothing"},
    "account_reset_password_from_key": lambda _w: {"uidb36": "1", "key": "nothing"},
    "mfa_remove_webauthn": lambda _w: {"pk": 1},
    "mfa_edit_webauthn": lambda _w: {"pk": 1},
    "openid_connect_login": lambda _w: {"provider_id": "nothing"},
    "openid_connect_callback": lambda _w: {"provider_id": "nothing"},
    "policies:document": lambda _w: {"ref": "31号"},
    "policies:clause": lambda _w: {"clause": "2.6.3"},
    **{
        f"policies:{name}": lambda _w: {"ref": "2.6.3-small-profit"}
        for name in ("measure", "measure_curve", "measure_code", "measure_handout")
    },
    "accounts:legal": lambda _w: {"name": "privacy"},
    "checkup:shared": lambda _w: {"token": "nothing"},
    "checkup:shared_code": lambda _w: {"token": "nothing"},
    "checkup:unshare": lambda w: {"token": w.rows["checkup"].token, "copy": 1},
    **{
        f"checkup:{name}": lambda w: {"token": w.rows["checkup"].token}
        for name in ("step", "answer", "withdraw", "day", "share", "pdf", "adopt")
    },
}
"""Addresses with a part that names nothing of anybody's, or whose part is itself the key."""
