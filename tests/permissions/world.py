"""One of everything, and everybody who might look at it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import factories
from chuangbao.accounts.domain import members, organisations
from chuangbao.core import jobs
from chuangbao.core.actors import ANONYMOUS
from chuangbao.core.files import keep
from chuangbao.core.models import Notice
from chuangbao.core.scope import unscoped
from chuangbao.facts.domain.intake import read_upload
from chuangbao.facts.domain.stating import state
from chuangbao.facts.domain.subjects import subject_of
from chuangbao.policies.domain.documents import bring_document
from chuangbao.policies.domain.drafts import begin_draft
from chuangbao.policies.domain.interpretations import begin_interpretation
from chuangbao.policies.domain.reading import read_text
from chuangbao.policies.domain.registry import current_pack
from chuangbao.policies.models import RegisteredMeasure
from chuangbao.portal.checkup import verbs as checkup
from measuretext import REF, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from chuangbao.core.actors import Actor

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
        "file": keep(upload=factories.upload(), actor=acting, purpose="licence"),
        **facts_of(acting),
        **texts_of(world.actors["editor"]),
    }
    return world


def facts_of(actor: Actor) -> dict[str, Any]:
    """What the owner said, with a proof, and a file of theirs that waits."""
    subject = subject_of(actor)
    proof = keep(upload=factories.upload(), actor=actor, purpose="facts.evidence", sensitive=True)
    sheet = factories.upload("信息项,取值\nhires,3\n".encode(), "信息.csv")
    return {
        "subject": subject,
        "fact": state(subject=subject, name="hires", value=3, actor=actor, evidence=proof),
        "intake": read_upload(upload=sheet, actor=actor),
    }


def texts_of(editor: Actor) -> dict[str, Any]:
    """What an office writes: a measure, a document and an explanation, none of them published."""
    measure = RegisteredMeasure.objects.create(ref=REF, region_id=factories.PROVINCE, department="科技")
    text, parsed = read_text("某省办法\n\n一、总则\n\n（一）给予补贴。支持创业。\n")
    paper = bring_document(ref="draft-2026-1", text=text, parsed=parsed, actor=editor)
    note = {"sort": "explanation", "document": "jilin-2015-31", "clause": "", "title": "说明", "body": "说明"}
    return {
        "version": begin_draft(measure=measure, content=text_of(), actor=editor),
        "paper": paper,
        "clause": paper.clauses.first(),
        "note": begin_interpretation(values=note, actor=editor),
    }


def notice_of(actor: Actor) -> Notice:
    """Something the owner was told."""
    return unscoped(Notice, because="a test").create(person_id=actor.person_id, event="x")


def job_of(actor: Actor) -> Any:
    """Something the owner started."""
    jobs.WORKS.setdefault("test.nothing", lambda _work: {})
    return jobs.start("test.nothing", actor=actor, title="导入")


SAMPLES: dict[str, Callable[[World], dict[str, Any]]] = {
    "accounts:organisation": lambda w: {"pk": w.rows["organisation"].pk},
    "accounts:invite": lambda w: {"pk": w.rows["organisation"].pk},
    "accounts:withdraw": lambda w: {"pk": w.rows["organisation"].pk, "invitation": w.rows["invitation"].pk},
    "accounts:member": lambda w: {"pk": w.rows["organisation"].pk, "membership": w.rows["membership"].pk},
    "accounts:standing": lambda w: {"pk": w.rows["organisation"].pk, "verb": "verify"},
    "accounts:decide": lambda w: {"pk": w.rows["claim"].pk, "verb": "grant"},
    "accounts:end_post": lambda w: {"pk": w.rows["post"].pk},
    "accounts:end_duty": lambda w: {"pk": w.rows["duty"].holder_id},
    "core:notice": lambda w: {"pk": w.rows["notice"].pk},
    "core:job": lambda w: {"key": w.rows["job"].key},
    "core:cancel_job": lambda w: {"key": w.rows["job"].key},
    "core:file": lambda w: {"key": w.rows["file"].key},
    "facts:organisation": lambda w: {"pk": w.rows["organisation"].pk},
    "facts:fact": lambda w: {"pk": w.rows["subject"].pk, "name": "hires"},
    "facts:move": lambda w: {"pk": w.rows["fact"].pk, "verb": "verify"},
    **{
        f"facts:{name}": lambda w: {"pk": w.rows["subject"].pk} for name in ("subject", "export_one", "reveal", "place")
    },
    **{f"facts:{name}": lambda w: {"pk": w.rows["fact"].pk} for name in ("resolve", "evidence")},
    **{f"facts:{name}": lambda w: {"pk": w.rows["intake"].pk} for name in ("checked", "confirm", "discard")},
    **{
        f"policies:desk_{name}": lambda w: {"pk": w.rows["version"].pk}
        for name in ("version", "text", "keep", "comment")
    },
    **{f"policies:desk_{name}": lambda w: {"pk": w.rows["paper"].pk} for name in ("paper", "paper_head")},
    "policies:desk_clause": lambda w: {"pk": w.rows["clause"].pk},
    **{f"policies:desk_{name}": lambda w: {"pk": w.rows["note"].pk} for name in ("note", "note_revise")},
    **{
        f"policies:desk_{name}": lambda w, row=row: {"pk": w.rows[row].pk, "verb": "submit"}
        for name, row in (("move", "version"), ("paper_move", "paper"), ("note_move", "note"))
    },
}
"""How the address of one of the owner's (or an office's) things is made: strangers see none of them."""

OPEN: dict[str, Callable[[World], dict[str, Any]]] = {
    "accounts:invitation": lambda w: {"token": w.rows["invitation"].token},
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
    "checkup:shared": lambda _w: {"token": "nothing"},
    **{
        f"checkup:{name}": lambda w: {"token": w.rows["checkup"].token}
        for name in ("step", "answer", "withdraw", "day", "adopt", "share", "pdf")
    },
}
"""Addresses with a part that names nothing of anybody's, or whose part is itself the key."""
