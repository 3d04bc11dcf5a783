"""Notifications about accounts and organisations."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangbao.core.audit.log import Kind, name_kinds, name_verbs
from chuangbao.core.messaging.notifications import Event, register

register(
    Event(
        "claim.granted", _("%(organisation)s is yours"),
        _("Your claim was granted. You can act for the organisation from now on."), "organisation",
    ),
    Event(
        "claim.refused", _("Your claim on %(organisation)s was not granted"), _("The reason: %(reason)s"),
        "organisation",
    ),
    Event(
        "organisation.standing", _("%(organisation)s: %(state)s"),
        _("An officer of your place has looked at the registration. %(reason)s"), "organisation",
    ),
    Event(
        "operation.failed", _("Operation: %(what)s failed"),
        _("Look at its messages on the machine (journalctl -u %(what)s) and mend it today."), "tasks",
    ),
    Event(
        "organisation.handed_over", _("You now own %(organisation)s"),
        _("The owner before you handed it over: you decide who belongs to it."), "organisation",
    ),
    Event(
        "organisation.dissolved", _("%(organisation)s was given up"),
        _("Its owner has given it up on this platform; nobody can act for it any more. %(reason)s"), "organisation",
    ),
    Event("member.joined", _("%(name)s has joined"), _("The invitation you sent was accepted."), "organisation"),
    Event(
        "post.appointed", _("You were appointed: %(post)s"),
        _("Choose the post under “Acting for” at the top of the page."), "tasks",
    ),
    Event(
        "duty.appointed", _("%(name)s is an administrator now: %(kind)s"),
        _("All administrators are told. Where you did not expect it, ask at once; the record says who did it."),
        "tasks",
    ),
    Event(
        "duty.ended", _("%(name)s is no administrator any more: %(kind)s"),
        _("All administrators are told. Where you did not expect it, ask at once; the record says who did it."),
        "tasks",
    ),
    Event(
        "mobile.confirmed", _("The mobile number %(number)s is yours here"),
        _("It was confirmed by a code. Was it not you? Take it away, and change your password."), "general",
    ),
    Event(
        "mobile.removed", _("Your mobile number was taken away"),
        _("Nothing is sent to it any more. Was it not you? Change your password."), "general",
    ),
    Event(
        "post.waits", _("A post waits for your confirmation: %(post)s"),
        _("It reaches a whole province; a second administrator confirms it."), "tasks",
    ),
)  # fmt: skip
name_verbs(
    organisation__found=_("Registered the organisation"),
    claim__open=_("Claimed an organisation"),
    grant=_("Granted a claim"),
    refuse=_("Refused a claim"),
    close=_("Closed the organisation"),
    reopen=_("Reopened the organisation"),
    dissolve=_("Gave the organisation up"),
    organisation__correct=_("Corrected the registration"),
    member__invite=_("Invited a colleague"),
    member__uninvite=_("Withdrew an invitation"),
    member__join=_("Joined the organisation"),
    member__role=_("Changed a role"),
    member__end=_("Ended a membership"),
    post__appoint=_("Appointed an officer"),
    post__confirm=_("Confirmed a post"),
    post__end=_("Ended a post"),
    agency__department=_("Set the department of an agency"),
    office__add=_("Added an office"),
    office__change=_("Changed what an office's entry says"),
    duty__appoint=_("Appointed an administrator"),
    duty__appoint_by_command=_("Appointed an administrator from the command line"),
    duty__end=_("Ended an administrator's duty"),
    operation__failed=_("Raised an alarm of the operation"),
    person__sign_in=_("Signed in"),
    person__correct=_("Corrected own data"),
    person__export=_("Exported own data"),
    person__consent=_("Agreed to the texts in force"),
    person__erase=_("Erased an account"),
    mobile__ask=_("Asked for a code by SMS"),
    mobile__confirm=_("Confirmed a mobile number"),
    mobile__remove=_("Took a mobile number away"),
    file__keep=_("Brought a file"),
    file__read=_("Read a file"),
    export=_("Exported"),
)
name_verbs("accounts.organisation", verify=_("Verified the organisation"), doubt=_("Withdrew the verification"))
name_verbs(
    "accounts.office",
    confirm=_("Confirmed an office"),
    close=_("Said that an office is no longer there"),
    reopen=_("Said that an office is there again"),
)
name_kinds(
    accounts__office=Kind(_("Office of the directory"), ("name",)),
    accounts__organisation=Kind(_("Organisation"), ("name", "code")),
    accounts__organisationclaim=Kind(_("Claim of an organisation"), ("organisation__name",)),
    accounts__membership=Kind(_("Membership"), ("organisation__name",)),
    accounts__post=Kind(_("Post"), ("agency__name", "department")),
    accounts__adminduty=Kind(_("Administrator's duty"), ("person__name",)),
    accounts__person=Kind(_("Person"), ("name", "email")),
    core__storedfile=Kind(_("File"), ("name",)),
    core__job=Kind(_("Work in the background"), ("title",)),
    core__history=Kind(_("The record")),
)
