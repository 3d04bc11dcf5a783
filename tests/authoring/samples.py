"""One of everything of the desk, for the table of permissions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile

from chuangbao.authoring.domain.batches import queue_files
from chuangbao.authoring.domain.comments import add_comment
from chuangbao.authoring.domain.documents import bring_document
from chuangbao.authoring.domain.drafts import begin_draft, register_measure
from chuangbao.authoring.domain.interpretations import begin_interpretation
from chuangbao.core.storage.files import keep
from chuangbao.policies.domain.reading import read_text
from measuretext import REF, text_of

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor
    from permissions.world import World


def make_rows(world: World) -> dict[str, Any]:
    """Texts on the province's desk."""
    return texts_of(world.actors["editor"])


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


SAMPLES = {
    **{
        f"authoring:{name}": lambda w: {"pk": w.rows["version"].pk}
        for name in ("version", "text", "keep", "comment", "correct")
    },
    "authoring:move": lambda w: {"pk": w.rows["version"].pk, "verb": "submit"},
    **{
        f"authoring:{name}": lambda w: {"pk": w.rows["paper"].pk}
        for name in ("paper", "paper_head", "paper_original", "paper_comment")
    },
    "authoring:paper_move": lambda w: {"pk": w.rows["paper"].pk, "verb": "submit"},
    "authoring:comment_settle": lambda w: {"pk": w.rows["comment"].pk},
    "authoring:clause": lambda w: {"pk": w.rows["clause"].pk},
    **{f"authoring:{name}": lambda w: {"pk": w.rows["note"].pk} for name in ("note", "note_revise")},
    "authoring:note_move": lambda w: {"pk": w.rows["note"].pk, "verb": "submit"},
    "authoring:batch": lambda w: {"key": w.rows["batch"].key},
}
