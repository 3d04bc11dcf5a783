"""A document with its clauses and what hangs on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from chuangbao.core.access import public
from chuangbao.policies.domain.registry import current_pack

if TYPE_CHECKING:
    from chuangbao.rules.model import Document, Pack

__all__ = ["clause", "document"]


@public
@require_safe
def document(request: HttpRequest, ref: str) -> HttpResponse:
    """文件: facts of the paper, its clause tree, its measures, and the papers before and after it."""
    pack = current_pack()
    found = pack.documents.get(ref)
    if found is None:
        raise Http404
    measures = [
        m for m in pack.measures.values()
        if ref in {d for v in m.versions for d in v.document_refs} or (found.clauses and m.clauses and not m.model)
    ]  # fmt: skip
    clauses = [
        {"clause": c, "depth": c.id.count("."), "measures": [m for m in measures if c.id in m.clauses]}
        for c in found.clauses
    ]
    context = {"document": found, "clauses": clauses, "measures": measures, "line": timeline_of(pack, found)}
    return render(request, "policies/document.html", context)


def timeline_of(pack: Pack, found: Document) -> list[dict[str, object]]:
    """Basis, the document itself and its successors in order of their dates."""
    related = [pack.documents[d] for d in (*found.basis, *found.successors) if d in pack.documents]
    papers = sorted([*related, found], key=lambda d: d.date_text)
    return [
        {
            "date_text": paper.date_text,
            "title": paper.title.zh,
            "body": paper.number,
            "state": "now" if paper is found else "past",
            "url": "" if paper is found else reverse("policies:document", args=[paper.id]),
        }
        for paper in papers
    ]


@public
@require_safe
def clause(request: HttpRequest, clause: str) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """The place of a clause in the seed document."""
    pack = current_pack()
    seed = pack.documents.get(pack.seed)
    if seed is None or clause not in {c.id for c in seed.clauses}:
        raise Http404
    return redirect(reverse("policies:document", args=[seed.id]) + f"#c-{clause}")
