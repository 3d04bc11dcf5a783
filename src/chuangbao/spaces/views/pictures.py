"""The pictures of a space: as everybody sees them, and as its operator keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from chuangbao.core.access.permissions import page, permit, public
from chuangbao.core.access.row_access import visible
from chuangbao.core.http.bodies import takes_files
from chuangbao.core.http.forms import attempt_filled
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.post_only import post_only
from chuangbao.core.http.rate_limits import rate_limit
from chuangbao.core.storage.files import serve_public
from chuangbao.spaces.domain.pictures import (
    MOST_PICTURES,
    add_picture,
    describe_picture,
    drop_picture,
    move_picture,
    take_down_picture,
)
from chuangbao.spaces.forms import AltForm, PictureForm, ProjectReasonForm
from chuangbao.spaces.models import Space, SpacePicture
from chuangbao.spaces.permissions import may_change_space, may_oversee_spaces, may_recognise_space

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.http.response import HttpResponseBase

    from chuangbao.core.http.requests import Request

__all__ = ["drop", "edit_text", "give_large", "give_small", "keep_pictures", "reorder", "take_down"]

STEPS = {"earlier": -1, "later": 1}


def find_space(request: Request, pk: int) -> Space:
    """Return a space that the actor may change, or 404. Raises Forbidden."""
    row = get_object_or_404(visible(Space, to=request.actor).select_related("operator", "region"), pk=pk)
    permit(may_change_space, actor=request.actor, row=row)
    return row


def find_picture(request: Request, pk: int, picture: int) -> SpacePicture:
    """Return a picture of such a space, or 404. Raises Forbidden."""
    space = find_space(request, pk)
    rows = visible(SpacePicture, to=request.actor).filter(space=space)
    return get_object_or_404(rows.select_related("space", "small"), pk=picture)


@public
@require_safe
def give_large(request: Request, pk: int) -> HttpResponseBase:
    """A picture as the page of its space shows it."""
    return serve_public(get_object_or_404(visible(SpacePicture, to=request.actor).select_related("file"), pk=pk).file)


@public
@require_safe
def give_small(request: Request, pk: int) -> HttpResponseBase:
    """A picture as lists show it."""
    return serve_public(get_object_or_404(visible(SpacePicture, to=request.actor).select_related("small"), pk=pk).small)


@takes_files
@page(permission=may_change_space)
@rate_limit("space-picture", rate="60/h")
@require_http_methods(["GET", "HEAD", "POST"])
@once
def keep_pictures(request: Request, pk: int) -> HttpResponse:
    """The pictures of a space in their order, with a form that adds one."""
    space = find_space(request, pk)
    form = PictureForm(request.POST, request.FILES) if request.method == "POST" else PictureForm()
    if request.method == "POST" and attempt_filled(form, add_picture, space=space, actor=request.actor):
        messages.success(request, _("The picture is on the page of the space."))
        return redirect("spaces:pictures", pk)
    rows = visible(SpacePicture, to=request.actor).filter(space=space).select_related("small").order_by("rank", "pk")
    context = {"form": form, "space": space, "pictures": rows, "most": MOST_PICTURES}
    return render(request, "spaces/pictures.html", context, status=422 if form.errors else 200)


@page(permission=may_change_space)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def edit_text(request: Request, pk: int, picture: int) -> HttpResponse:
    """Change what a picture is said to show."""
    row = find_picture(request, pk, picture)
    form = AltForm(request.POST or None, initial={"alt": row.alt})
    if attempt_filled(form, describe_picture, picture=row, actor=request.actor):
        messages.success(request, _("Saved."))
        return redirect("spaces:pictures", pk)
    context = {"form": form, "space": row.space, "picture": row}
    return render(request, "spaces/picture.html", context, status=422 if form.errors else 200)


@page(permission=may_change_space)
@post_only("spaces:pictures", "pk")
@once
def reorder(request: Request, pk: int, picture: int) -> HttpResponse:
    """Move a picture one place towards the front or the end."""
    row = find_picture(request, pk, picture)
    move_picture(picture=row, actor=request.actor, step=STEPS.get(request.POST.get("to", ""), -1))
    return redirect("spaces:pictures", pk)


@page(permission=may_change_space)
@post_only("spaces:pictures", "pk")
@once
def drop(request: Request, pk: int, picture: int) -> HttpResponse:
    """Take a picture away."""
    drop_picture(picture=find_picture(request, pk, picture), actor=request.actor)
    messages.success(request, _("The picture is taken away, and its file is deleted."))
    return redirect("spaces:pictures", pk)


@page(permission=may_oversee_spaces)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def take_down(request: Request, pk: int, picture: int) -> HttpResponse:
    """Take an unfit picture away as an officer, with the reason."""
    rows = visible(SpacePicture, to=request.actor).filter(space=pk).select_related("space")
    row = get_object_or_404(rows, pk=picture)
    permit(may_recognise_space, actor=request.actor, row=row.space)
    form = ProjectReasonForm(request.POST if request.method == "POST" else None)
    if attempt_filled(form, take_down_picture, picture=row, actor=request.actor):
        messages.success(request, _("Taken down. The operator has a notice."))
        return redirect("spaces:space", pk)
    title = _("Take the picture down")
    context: dict[str, Any] = {"form": form, "title": title, "button": title, "eyebrow": f"{row.space} · {row.alt}"}
    context |= {"back": reverse("spaces:space", args=[pk]), "is_private": True}
    return render(request, "spaces/form_page.html", context, status=422 if form.errors else 200)
