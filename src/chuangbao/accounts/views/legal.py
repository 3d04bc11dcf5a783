"""The pages that every installation owes its visitors: terms of use, privacy notice, contact; and agreeing to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from chuangbao.accounts.domain.consents import give_consent, open_documents
from chuangbao.accounts.forms import ConsentForm
from chuangbao.accounts.legal import DOCUMENTS, operator
from chuangbao.accounts.models import Person
from chuangbao.core.access.permissions import page, public, signed_in
from chuangbao.core.http.requests import safe_place
from chuangbao.core.privacy import HOLDINGS

if TYPE_CHECKING:
    from django.http import HttpResponse

    from chuangbao.core.http.requests import Request

__all__ = ["consent", "contact", "legal_document"]


def language() -> str:
    """Return the language of the texts: ``en`` for English, ``zh`` for any other."""
    return "en" if (get_language() or "").startswith("en") else "zh"


@public
@require_safe
def legal_document(request: Request, name: str) -> HttpResponse:
    """Show one of the texts, in the reader's language.

    Raises Http404 for a name that is none of ``DOCUMENTS``.
    """
    document = DOCUMENTS.get(name)
    if document is None:
        raise Http404
    context = {
        "document": document, "text": f"accounts/legal/{name}_{language()}.html", "operator": operator(),
        "holdings": HOLDINGS.values() if name == "privacy" else (),
    }  # fmt: skip
    return render(request, "accounts/legal/document.html", context)


@public
@require_safe
def contact(request: Request) -> HttpResponse:
    """Show who runs this installation and how to reach them, and say so where it is not set."""
    return render(request, "accounts/legal/contact.html", {"operator": operator()})


@page(permission=signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
def consent(request: Request) -> HttpResponse:
    """Ask for agreement to the versions in force; agreeing leads back to where one was going."""
    person = Person.objects.get(pk=request.actor.person)
    form, onward = ConsentForm(request.POST or None), request.POST.get("next") or request.GET.get("next", "")
    if form.is_bound and form.is_valid():
        give_consent(person=person, language=language())
        messages.success(request, _("Thank you. Your agreement was noted with the day."))
        return redirect(safe_place(request, onward) or "portal:desk")
    context = {"form": form, "documents": open_documents(person), "onward": safe_place(request, onward) or ""}
    return render(request, "accounts/legal/consent.html", context, status=422 if form.errors else 200)
