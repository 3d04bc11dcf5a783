"""Comments as the pages of the desk show them, and the buttons that settle a thread and open it again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from chuangbao.authoring.domain.comments import reopen_comment, settle_comment
from chuangbao.authoring.models import ReviewComment
from chuangbao.authoring.permissions import may_author, may_comment
from chuangbao.authoring.remarks import by_clause, by_condition, remarks_of, remarks_on
from chuangbao.core.access.permissions import page
from chuangbao.core.access.row_access import visible
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.post_only import post_only
from chuangbao.policies.models import MeasureVersion, RegisteredDocument

if TYPE_CHECKING:
    from django import forms
    from django.http import HttpResponse

    from chuangbao.core.http.requests import Request
    from chuangbao.rules.model import Version

__all__ = ["comment_settle", "describe_form", "place_threads", "threads_on"]


def place_threads(request: Request, row: MeasureVersion, version: Version | None) -> dict[str, Any]:
    """The threads on a version, beside its conditions and the rest; none for who may not take part."""
    may = may_comment.test(request.actor, row)
    threads = remarks_of(row, version) if may else []
    shown = {condition.id for condition in version.conditions} if version and not version.manual else set()
    return {
        "may_comment": may,
        "comments_by": by_condition(threads),
        "comments": [thread for thread in threads if thread.condition not in shown],
        "comments_open": sum(not thread.is_settled for thread in threads),
    }


def threads_on(request: Request, row: RegisteredDocument, marks: dict[int, str]) -> dict[str, Any]:
    """The threads on a document, beside its clauses and the rest; none for who may not take part."""
    may = may_comment.test(request.actor, row)
    threads = remarks_on(row, marks) if may else []
    return {
        "may_comment": may,
        "comments_by": by_clause(threads),
        "comments": [thread for thread in threads if thread.clause is None],
        "comments_open": sum(not thread.is_settled for thread in threads),
    }


def describe_form(form: forms.Form) -> dict[str, Any]:
    """The form of comments; where it came back as the answer to a thread, which one, so that it opens there."""
    answered = form.data.get(form.add_prefix("answers"), "") if form.is_bound else ""
    number = int(answered) if answered.isascii() and answered.isdigit() else 0
    return {"comment_form": form, "reply_to": number}


def page_of_thread(request: Request, *, pk: int) -> str:
    """Return the address of the page that a thread is on, for who may see it."""
    return address_of(find_thread(request, pk))


@page(permission=may_author)
@once
@post_only(page_of_thread)
def comment_settle(request: Request, pk: int) -> HttpResponse:
    """Settle a thread, or open it again (``do=reopen``)."""
    comment = find_thread(request, pk)
    verb = reopen_comment if request.POST.get("do") == "reopen" else settle_comment
    verb(comment=comment, actor=request.actor)
    return redirect(address_of(comment, clause=request.POST.get("at") == "clause"))


def find_thread(request: Request, pk: int) -> ReviewComment:
    """Return the thread on a text within the officer's sight, or answer 404."""
    versions = visible(MeasureVersion, to=request.actor)
    documents = visible(RegisteredDocument, to=request.actor)
    rows = ReviewComment.objects.filter(Q(version__in=versions) | Q(document__in=documents), answers=None)
    return get_object_or_404(rows, pk=pk)


def address_of(comment: ReviewComment, *, clause: bool = False) -> str:
    """The address of a thread on the page of its text, or of its clause where that is being corrected."""
    if clause and comment.clause_id is not None:
        return f"{reverse('authoring:clause', args=[comment.clause_id])}#r-{comment.pk}"
    name, pk = ("version", comment.version_id) if comment.version_id else ("paper", comment.document_id)
    return f"{reverse(f'authoring:{name}', args=[pk])}#r-{comment.pk}"
