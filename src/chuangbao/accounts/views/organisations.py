"""Pages of organisations: registering, claiming, looking after who belongs."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from chuangbao.accounts.domain import members, organisations
from chuangbao.accounts.forms import AreaForm, ClaimForm, DecisionForm, FoundForm, InviteForm, ReasonForm, RoleForm
from chuangbao.accounts.middleware import act_as
from chuangbao.accounts.models import Invitation, Membership, Organisation, OrganisationClaim, Person
from chuangbao.accounts.permissions import (
    acts_for,
    is_officer,
    may_correct_organisation,
    may_decide_claim,
    may_dissolve,
    may_found_organisation,
    may_manage_members,
    may_see_area,
    may_verify_organisation,
)
from chuangbao.accounts.readings import describe_readings
from chuangbao.accounts.states import ClaimStage, Standing
from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.permissions import ask_to_sign_in, page, permit, public, signed_in
from chuangbao.core.access.row_access import visible
from chuangbao.core.audit.log import history_of, record
from chuangbao.core.audit.readings import readings_of_organisation
from chuangbao.core.exports.excel import as_workbook
from chuangbao.core.http.forms import attempt_filled
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.paging import page_of
from chuangbao.core.http.post_only import post_only
from chuangbao.core.http.rate_limits import rate_limit
from chuangbao.core.localization.name_search import name_contains
from chuangbao.core.localization.width import narrow
from chuangbao.core.onward import find_ways
from chuangbao.core.workflow.proposals import proposals_about, propose
from chuangbao.core.workflow.refusals import Refused

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http.response import HttpResponseBase

    from chuangbao.accounts.readings import Reading
    from chuangbao.core.access.actors import Actor
    from chuangbao.core.http.requests import Request

__all__ = [
    "area",
    "area_workbook",
    "claim",
    "decide",
    "found",
    "invitation",
    "invite",
    "mine",
    "organisation",
    "own_invitation",
    "standing",
]

EACH, MOST = 25, 50_000


@page(permission=signed_in)
@require_GET
def mine(request: Request) -> HttpResponse:
    """The organisations one belongs to, and the claims one has made."""
    rows = visible(Membership, to=request.actor).filter(person=request.actor.person_id, ended_at=None)
    claims = visible(OrganisationClaim, to=request.actor).filter(person=request.actor.person_id)
    context = {"memberships": rows.select_related("organisation"), "claims": claims.select_related("organisation")}
    return render(request, "accounts/mine.html", context)


@page(permission=may_found_organisation)
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limit("found", rate="20/h")
@once
def found(request: Request) -> HttpResponse:
    """Register an organisation; from then on one acts for it."""
    form = FoundForm(request.POST or None)
    done = attempt_filled(form, organisations.found_organisation, actor=request.actor)
    if done:
        act_as(request, f"member:{done.row.pk}")
        messages.success(request, _("Registered. You now act for it; an officer of the place will verify it."))
        return redirect("accounts:organisation", done.row.organisation_id)
    return render(request, "accounts/found.html", {"form": form}, status=422 if form.errors else 200)


@page(permission=may_found_organisation)
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limit("claim", rate="20/h")
@once
def claim(request: Request) -> HttpResponse:
    """Claim a registered organisation (认领)."""
    form = ClaimForm(request.POST or None, initial={"code": request.GET.get("code", "")})
    if attempt_filled(form, organisations.claim_organisation, actor=request.actor):
        messages.success(request, _("Your claim is with an officer of the place. You will be told."))
        return redirect("accounts:organisations")
    return render(request, "accounts/claim.html", {"form": form}, status=422 if form.errors else 200)


@page(permission=signed_in)
@require_GET
def organisation(request: Request, pk: int) -> HttpResponse:
    """One organisation: what it is, who belongs, what happened; buttons for what one may do."""
    row = in_sight(request, pk)
    return show(request, row)


def is_own_cause(actor: Actor, row: Organisation) -> bool:
    """Whether an officer who could decide about an organisation may not, being party to it (回避)."""
    decides = is_officer.test(actor) and actor.holds("register") and actor.covers(row.region_id)
    return decides and actor.person_id in row.persons_concerned()


def in_sight(request: Request, pk: int) -> Organisation:
    """The organisation, where it is in the actor's sight."""
    return get_object_or_404(visible(Organisation, to=request.actor).select_related("region").distinct(), pk=pk)


def show(request: Request, row: Organisation, *, status: int = 200, **forms: object) -> HttpResponse:
    """The page, with forms that were sent and refused in place of empty ones."""
    actor = request.actor
    manages = may_manage_members.test(actor, row)
    inside = actor.capacity is Capacity.MEMBER or manages
    people = visible(Membership, to=actor).filter(organisation=row, ended_at=None).select_related("person")
    claims = visible(OrganisationClaim, to=actor).filter(organisation=row, stage=ClaimStage.OPEN)
    invitations = visible(Invitation, to=actor).filter(organisation=row, accepted_at=None, withdrawn_at=None)
    proposals = proposals_about(row, actor)
    elsewhere = {"dissolve", *(one.row.verb for one in proposals)}  # giving it up has a page of its own
    context = {
        "organisation": row,
        "members": people if inside or may_see_area.test(actor) else [],
        "invitations": invitations if manages else [],
        "claims": claims.select_related("person") if may_decide_claim.test(actor, row) else [],
        "moves": [move for move in row.life.open_to(row, actor) if move.verb not in elsewhere],
        "proposals": proposals,
        "owns": may_dissolve.test(actor, row) and row.stage != Standing.CLOSED,
        "correctable": row.stage == Standing.UNVERIFIED and may_correct_organisation.test(actor, row),
        "own_cause": is_own_cause(actor, row),
        "manages": manages,
        "history": history_of(row)[:20],
        "invite_form": InviteForm(),
        "role_form": RoleForm(),
        "reason_form": ReasonForm(),
        "decision_form": DecisionForm(),
        "readings": readings_for(actor, row),
        "me": actor.person_id,
        "ways": find_ways(actor, "accounts.organisation", [row]).get(row.pk, []),
    }
    return render(request, "accounts/organisation.html", context | forms, status=status)


def readings_for(actor: Actor, row: Organisation) -> list[Reading] | None:
    """Return who read the organisation's sensitive data, for its members once it is verified; else None."""
    if not acts_for.test(actor, row) or row.stage != Standing.VERIFIED:
        return None
    return describe_readings(readings_of_organisation(row.pk))


@page(permission=may_manage_members)
@post_only("accounts:organisation", "pk")
@rate_limit("invite", rate="60/h")
@once
def invite(request: Request, pk: int) -> HttpResponse:
    """Ask a colleague to join."""
    row, form = in_sight(request, pk), InviteForm(request.POST)
    done = attempt_filled(form, members.invite, organisation=row, actor=request.actor)
    if done:
        link = request.build_absolute_uri(reverse("accounts:invitation", args=[done.row.token]))
        messages.success(request, _("Invited. The letter is on its way; the link is %(link)s") % {"link": link})
        return redirect("accounts:organisation", pk)
    return show(request, row, status=422, invite_form=form)


@page(permission=may_manage_members)
@post_only("accounts:organisation", "pk")
def withdraw(request: Request, pk: int, invitation: int) -> HttpResponse:
    """Let an invitation no longer hold."""
    row = get_object_or_404(
        visible(Invitation, to=request.actor).select_related("organisation"), pk=invitation, organisation=pk
    )
    members.withdraw_invitation(invitation=row, actor=request.actor)
    return redirect("accounts:organisation", pk)


@page(permission=signed_in)
@post_only("accounts:organisation", "pk")
def member(request: Request, pk: int, membership: int) -> HttpResponse:
    """Change a member's role, or end the membership."""
    row = in_sight(request, pk)
    who = get_object_or_404(
        visible(Membership, to=request.actor).select_related("organisation"), pk=membership, organisation=row
    )
    form = RoleForm(request.POST)
    try:
        if "end" in request.POST:
            members.end_membership(membership=who, actor=request.actor)
            messages.success(request, _("The membership has ended."))
        elif form.is_valid():
            members.change_role(membership=who, actor=request.actor, role=form.cleaned_data["role"])
            messages.success(request, _("The role was changed."))
    except Refused as refusal:
        form.is_valid()
        form.add_error(None, str(refusal))
    if form.non_field_errors() or ("end" not in request.POST and form.errors):
        return show(request, row, status=422, role_form=form, wrong_member=who.pk)
    left = who.person_id == request.actor.person_id and "end" in request.POST
    return redirect("accounts:organisations") if left else redirect("accounts:organisation", pk)


@page(permission=may_verify_organisation)
@post_only("accounts:organisation", "pk")
def standing(request: Request, pk: int, verb: str) -> HttpResponse:
    """Verify, or withdraw the verification; propose to close or to reopen, which a colleague confirms.

    Raises Http404 for a verb that is none of the workflow's, and for ``dissolve``, which has a page of its own.
    """
    row, form = in_sight(request, pk), ReasonForm(request.POST)
    if verb not in row.life.by_verb or verb == "dissolve":
        raise Http404
    if row.life.by_verb[verb].two_persons:
        if attempt_filled(form, partial(propose, row, verb), actor=request.actor):
            messages.success(request, _("Proposed; a colleague with the same duty confirms it."))
            return redirect("accounts:organisation", pk)
        return show(request, in_sight(request, pk), status=422, reason_form=form)
    given = {"organisation": row, "actor": request.actor, "verb": verb, "seen": request.POST.get("seen", "")}
    if attempt_filled(form, organisations.settle_standing, **given):
        messages.success(request, _("Done; the owners are told."))
        return redirect("accounts:organisation", pk)
    return show(request, in_sight(request, pk), status=422, reason_form=form)


def page_of_claim(request: Request, pk: int, **_parts: str) -> str:
    """The page that a claim is decided on."""
    row = get_object_or_404(visible(OrganisationClaim, to=request.actor), pk=pk)
    return reverse("accounts:organisation", args=[row.organisation_id]) + "#claims"


@page(permission=may_decide_claim)
@post_only(page_of_claim)
@once
def decide(request: Request, pk: int, verb: str) -> HttpResponse:
    """Grant or refuse a claim (认领).

    Raises Http404 for a verb that is none of the workflow's; Forbidden for an officer who may not decide this claim.
    """
    row = get_object_or_404(visible(OrganisationClaim, to=request.actor).select_related("organisation"), pk=pk)
    permit(may_decide_claim, actor=request.actor, row=row)
    if verb not in row.life.by_verb:
        raise Http404
    form = DecisionForm(request.POST)
    if attempt_filled(form, organisations.decide_claim, claim=row, actor=request.actor, verb=verb):
        messages.success(request, _("Decided; whoever claimed it is told."))
        return redirect("accounts:organisation", row.organisation_id)
    return show(request, row.organisation, status=422, decision_form=form)


@public
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limit("invitation", rate="30/h")
def invitation(request: Request, token: str) -> HttpResponseBase:
    """Read an invitation by its address and accept it; before signing in only what tells that it is meant for one."""
    row = members.invitation_by_token(token)
    if row is not None and not request.actor.signed_in:
        return ask_to_sign_in(request) if request.method == "POST" else show_invitation(request, row)
    return answer_invitation(request, row)


@page(permission=signed_in)
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limit("invitation", rate="30/h")
def own_invitation(request: Request, pk: int) -> HttpResponse:
    """Read an invitation to the person's address and accept it."""
    return answer_invitation(request, members.invitation_to(Person.objects.get(pk=request.actor.person), pk))


def show_invitation(request: Request, row: Invitation) -> HttpResponse:
    """The invitation before signing in: a verified organisation's name, and enough of the address to know it."""
    name, at, host = row.email.partition("@")
    verified = row.organisation.stage == Standing.VERIFIED
    context = {
        "organisation": row.organisation.name if verified else "",
        "address": f"{name[:1]}…{at}{host}",
        "back": urlencode({"next": request.path}),
    }
    return render(request, "accounts/invited.html", context)


def answer_invitation(request: Request, row: Invitation | None) -> HttpResponse:
    """Show an invitation to a signed-in person, or accept it."""
    if row is None:
        return render(request, "accounts/invitation.html", {"invitation": None}, status=404)
    if request.method == "POST":
        try:
            found_one = members.accept_invitation(invitation=row, actor=request.actor)
        except Refused as refusal:
            return render(request, "accounts/invitation.html", {"invitation": row, "refusal": refusal}, status=422)
        act_as(request, f"member:{found_one.pk}")
        messages.success(request, _("Welcome. You now act for %(name)s.") % {"name": row.organisation.name})
        return redirect("accounts:organisation", row.organisation_id)
    return render(request, "accounts/invitation.html", {"invitation": row})


def of_area(request: Request, form: AreaForm) -> QuerySet[Organisation]:
    """The organisations of an officer's area that fit the form."""
    rows = visible(Organisation, to=request.actor).select_related("region")
    if not form.is_valid():
        return rows
    asked = form.cleaned_data
    if asked["q"]:
        code = "".join(narrow(asked["q"]).split()).upper()
        rows = rows.filter(name_contains(asked["q"]) | Q(code__startswith=code))
    return rows.filter(**{name: asked[name] for name in ("kind", "stage") if asked[name]})


@page(permission=may_see_area)
@require_GET
def area(request: Request) -> HttpResponse:
    """List the organisations of the officer's area."""
    form = AreaForm(request.GET or None)
    found_ones = page_of(of_area(request, form), request.GET.get("page"), each=EACH)
    return render(request, "accounts/area.html", {"form": form, "page": found_ones, "query": request.GET.urlencode()})


@page(permission=may_see_area)
@require_GET
def area_workbook(request: Request) -> HttpResponse:
    """The same as an Excel workbook."""
    rows = list(of_area(request, AreaForm(request.GET or None))[:MOST])
    record(request.actor, "export", kind="accounts.organisation", data={"rows": len(rows)})
    head = [_("Name"), _("Unified social credit code"), _("Kind of organisation"), _("Region"), _("Standing")]
    cells = ([r.name, r.code or "", str(r.get_kind_display()), str(r.region), str(r.get_stage_display())] for r in rows)
    return as_workbook("organisations", _("Organisations"), head, cells)
