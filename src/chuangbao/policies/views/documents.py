"""A document with its clauses and what hangs on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from chuangbao.core.access.permissions import public
from chuangbao.core.access.row_access import unscoped, visible
from chuangbao.core.engine.citations import short_words
from chuangbao.core.engine.current import current_pack
from chuangbao.policies.enums import Stage
from chuangbao.policies.models import Interpretation, RegisteredDocument, Subscription

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from chuangbao.core.http.requests import Request
    from chuangbao.rules.model import Document, Pack

__all__ = ["clause", "document", "follows"]


@public
@require_safe
def document(request: Request, ref: str) -> HttpResponse:
    """Show a document (文件): its facts, its clause tree, its measures, and the documents before and after it.

    Raises Http404 for one that the pack does not have.
    """
    pack = current_pack()
    found = pack.documents.get(ref)
    if found is None:
        raise Http404
    ids = {clause.id for clause in found.clauses}
    measures = [
        m for m in pack.measures.values()
        if ref in {d for v in m.versions for d in v.document_refs} or (ids.intersection(m.clauses) and not m.model)
    ]  # fmt: skip
    notes = list(explained(request, ref))
    clauses = [
        {
            "clause": c, "mark": short_words(c), "depth": c.id.count("."),
            "measures": [m for m in measures if c.id in m.clauses],
            "notes": [n for n in notes if n.clause == c.id],
        }
        for c in found.clauses
    ]  # fmt: skip
    context = {
        "document": found, "clauses": clauses, "measures": measures, "line": timeline_of(pack, found),
        "notes": [n for n in notes if n.clause not in ids], "topic": "document", "value": ref,
        "followed": follows(request, "document", ref), "entered_by": describe_office(ref),
    }  # fmt: skip
    return render(request, "policies/document.html", context)


def describe_office(ref: str) -> str:
    """Name the office that brought a document in (录入单位); empty for a document of the pack."""
    rows = unscoped(RegisteredDocument, because="whose office stands on a public page").filter(
        ref=ref, stage=Stage.IN_FORCE
    )
    row = rows.select_related("region").first()
    return f"{row.region} · {row.department}" if row else ""


def explained(request: Request, ref: str) -> QuerySet[Interpretation]:
    """What holds today of what is published about a document and its clauses, with the office that says it."""
    today = timezone.localdate()
    holds = Q(stage=Stage.IN_FORCE) | Q(stage=Stage.RETIRED) & ~Q(revisions__stage=Stage.IN_FORCE)
    lasts = Q(valid_to__isnull=True) | Q(valid_to__gte=today)
    rows = visible(Interpretation, to=request.actor).filter(holds, lasts, document=ref, valid_from__lte=today)
    return rows.select_related("region").distinct()


def follows(request: Request, topic: str, value: str) -> bool:
    """Whether the reader follows something."""
    mine = visible(Subscription, to=request.actor)
    return bool(request.user.is_authenticated) and mine.filter(topic=topic, value=value).exists()


def timeline_of(pack: Pack, found: Document) -> list[dict[str, object]]:
    """Basis, the document itself and its successors in order of their dates."""
    related = [pack.documents[d] for d in (*found.basis, *found.successors) if d in pack.documents]
    papers = sorted([*related, found], key=lambda d: d.date_text)
    return [
        {
            "date_text": paper.date_text,
            "title": paper.title.zh,
            "body": paper.number,
            "state": "this" if paper is found else "past",
            "url": "" if paper is found else reverse("policies:document", args=[paper.id]),
        }
        for paper in papers
    ]


@public
@require_safe
def clause(request: Request, clause: str) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Redirect to a clause in its document; a bare number is one of the seed document.

    Raises Http404 where there is no such clause.
    """
    pack = current_pack()
    named = pack.documents.get(clause.partition(":")[0] if ":" in clause else pack.seed)
    if named is None or clause not in {c.id for c in named.clauses}:
        raise Http404
    return redirect(reverse("policies:document", args=[named.id]) + f"#c-{clause}")
