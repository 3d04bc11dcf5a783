"""The page where officers keep people's words for the search (同义词), with a search to try them beside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_http_methods

from chuangbao.authoring.domain.synonyms import add_synonym, remove_synonym
from chuangbao.authoring.permissions import may_author
from chuangbao.core.access.permissions import page
from chuangbao.core.audit.log import history_of_kind
from chuangbao.core.engine.current import current_pack
from chuangbao.core.http.forms import attempt
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.post_only import post_only
from chuangbao.policies.domain.meanings import known_meanings
from chuangbao.policies.domain.words import query_words
from chuangbao.policies.models import Synonym
from chuangbao.policies.search import Search
from chuangbao.policies.views.library import look

if TYPE_CHECKING:
    from django.http import HttpResponse

    from chuangbao.core.http.requests import Request

__all__ = ["synonym_remove", "synonyms"]

PAGE, FIRST, LATEST = 25, 5, 10
SPLIT = re.compile(r"[\s,，、;；/]+")
MOST = 200


class SynonymForm(forms.Form):
    """A word of people, and the words that it means."""

    say = forms.CharField(
        label=_l("What people say"),
        max_length=MOST,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )
    find = forms.CharField(
        label=_l("What is looked for"),
        max_length=MOST,
        help_text=_l("Words that the texts use, with a comma between them."),
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )

    def words(self) -> list[str]:
        """The words to look for."""
        return [word for word in SPLIT.split(self.cleaned_data["find"]) if word]


@page(permission=may_author)
@once
@require_http_methods(["GET", "HEAD", "POST"])
def synonyms(request: Request) -> HttpResponse:
    """List the words, add one, and try what a search finds with them."""
    form = SynonymForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {"say": form.cleaned_data["say"], "find": form.words(), "actor": request.actor}
        done = attempt(form, add_synonym, **given)
        if done:
            messages.success(request, _("Kept. The next search uses it."))
            return redirect(f"{reverse('authoring:synonyms')}?try={done.row.say}")
    words = request.GET.get("try", "")[:MOST].strip()
    context = {
        "form": form,
        "page": Paginator(Synonym.objects.all(), PAGE).get_page(request.GET.get("page")),
        "words": words,
        "tried": try_search(words) if words else None,
        "pack_count": len(current_pack().meanings),
        "history": history_of_kind("policies.synonym")[:LATEST],
    }
    return render(request, "authoring/synonyms.html", context, status=422 if form.errors else 200)


def try_search(words: str) -> dict[str, object]:
    """What a search for some words looks for, how much it finds, and what comes first."""
    meanings = known_meanings()
    search, counted = look(Search(words, {}, timezone.localdate(), meanings))
    return {
        "groups": [[word.replace(" ", "") for word in group] for group in query_words(words, meanings)],
        "total": counted.total,
        "nearest": search.nearest,
        "entries": list(search.listed()[:FIRST]),
    }


@page(permission=may_author)
@once
@post_only("authoring:synonyms")
def synonym_remove(request: Request) -> HttpResponse:
    """Take a word away."""
    chosen = request.POST.get("synonym", "")
    if chosen.isascii() and chosen.isdigit() and len(chosen) < LATEST:
        remove_synonym(synonym=int(chosen), actor=request.actor)
        messages.success(request, _("Taken away. The next search no longer uses it."))
    return redirect("authoring:synonyms")
