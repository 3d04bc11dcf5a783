"""One of everything of policies, for the table of permissions."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from chuangbao.core.access.row_access import unscoped
from chuangbao.core.storage.files import keep
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
    from chuangbao.core.access.actors import Actor
    from permissions.world import World


def make_rows(world: World) -> dict[str, Any]:
    """Texts on the desk, a simulation and a run over everybody."""
    editor = world.actors["editor"]
    return {
        "simulation": simulation_of(editor),
        "run": PopulationRun.objects.create(day=date(2026, 11, 25)),
        **texts_of(editor),
    }


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


SAMPLES = {
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
    "policies:explanation": lambda w: {"pk": w.rows["subject"].pk, "ref": "2.6.3-small-profit"},
    **{f"policies:{name}": lambda w: {"pk": w.rows["run"].pk} for name in ("run", "run_facts", "run_export")},
    "policies:run_measure": lambda w: {"pk": w.rows["run"].pk, "ref": "2.6.3-small-profit"},
}
OPEN = {
    "policies:document": lambda _w: {"ref": "31号"},
    "policies:clause": lambda _w: {"clause": "2.6.3"},
    **{
        f"policies:{name}": lambda _w: {"ref": "2.6.3-small-profit"}
        for name in ("measure", "measure_curve", "measure_code", "measure_handout")
    },
}
PAGES = [
    "/policies/", "/policies/?q=xxwl", "/policies/?q=创业&kind=measure&page=2", "/policies/search/?q=没有这样的东西",
    "/policies/import/", "/policies/measures/2.6.3-small-profit/",
    "/policies/measures/2.6.3-small-profit/?version=CIT-SLP-2015A", "/policies/measures/2.6.3-small-profit/curve.json",
    "/policies/measures/2.6.3-small-profit/code.svg", "/policies/measures/2.6.3-small-profit/handout.pdf",
]  # fmt: skip
