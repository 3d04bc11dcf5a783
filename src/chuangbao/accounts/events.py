"""What people are told of their accounts and organisations."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangbao.core.history import name_verbs
from chuangbao.core.notices import Event, register

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
    Event("member.joined", _("%(name)s has joined"), _("The invitation you sent was accepted."), "organisation"),
    Event(
        "post.appointed", _("You were appointed: %(post)s"),
        _("Choose the post under “Acting for” at the top of the page."), "tasks",
    ),
)  # fmt: skip
name_verbs(
    organisation__found=_("Registered the organisation"),
    claim__open=_("Claimed an organisation"),
    grant=_("Granted a claim"),
    refuse=_("Refused a claim"),
    verify=_("Verified the organisation"),
    doubt=_("Withdrew the verification"),
    close=_("Closed the organisation"),
    member__invite=_("Invited a colleague"),
    member__uninvite=_("Withdrew an invitation"),
    member__join=_("Joined the organisation"),
    member__role=_("Changed a role"),
    member__end=_("Ended a membership"),
    post__appoint=_("Appointed an officer"),
    post__end=_("Ended a post"),
    duty__appoint=_("Appointed an administrator"),
    duty__end=_("Ended an administrator's duty"),
    person__sign_in=_("Signed in"),
    person__correct=_("Corrected own data"),
    person__export=_("Exported own data"),
    person__erase=_("Erased an account"),
    file__keep=_("Brought a file"),
    file__read=_("Read a file"),
)
