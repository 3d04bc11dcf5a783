"""What people hear of spaces, and the words of what was done on the record."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangbao.core.audit.log import Kind, name_kinds, name_verbs
from chuangbao.core.messaging.notifications import Event, register

__all__: list[str] = []

GROUP = "spaces"

register(
    Event("space.registered", _("A space of your area: %(name)s"), _("%(operator)s has registered it."), GROUP),
    Event("space.close", _("%(name)s closes down"), _("Its last day is %(day)s. Why: %(reason)s"), GROUP),
    Event("space.announced", _("%(name)s will close down"), _("Its last day is %(day)s. Why: %(reason)s"), GROUP),
    Event("space.kept_open", _("%(name)s stays open"), _("Its operator has taken the last day back."), GROUP),
    Event("space.reopen", _("%(name)s runs again"), _("Its operator has opened it again."), GROUP),
    Event("space.merge", _("%(name)s becomes a part of %(into)s"), _("Since %(day)s. Why: %(reason)s"), GROUP),
    Event("space.move", _("%(name)s has another address"), _("It is now at %(address)s."), GROUP),
    Event(
        "space.handed_on",
        _("%(name)s has another operator"),
        _("It is now run by %(operator)s. What hangs on the space goes on."),
        GROUP,
    ),
    Event(
        "space.offered",
        _("%(giver)s wants to hand %(name)s on to you"),
        _("Look at what comes with it, and accept or decline."),
        GROUP,
    ),
    Event("space.declined", _("%(name)s was not taken over"), _("%(receiver)s declined. You go on running it."), GROUP),
    Event(
        "space.withdrawn",
        _("%(name)s is not handed on to you any more"),
        _("%(giver)s has withdrawn the transfer."),
        GROUP,
    ),
    Event(
        "space.recognised",
        _("%(name)s: %(scheme)s"),
        _("An officer has entered it under the number %(number)s, from %(day)s."),
        GROUP,
    ),
    Event(
        "space.unrecognised",
        _("%(name)s: %(scheme)s has ended"),
        _("Its last day is %(day)s. Why: %(reason)s"),
        GROUP,
    ),
)
register(
    Event("space.picture_down", _("A picture of %(name)s was taken down: %(picture)s"), _("Why: %(reason)s"), GROUP),
    Event("project.asked", _("%(name)s asks to belong to %(project)s"), _("Confirm it, or say why not."), GROUP),
    Event("project.confirm", _("%(name)s belongs to %(project)s"), _("The office has confirmed it."), GROUP),
    Event("project.decline", _("%(name)s was not taken into %(project)s"), _("Why: %(reason)s"), GROUP),
    Event(
        "project.entered",
        _("%(name)s was entered in %(project)s"),
        _("It lies there. You can leave at any time."),
        GROUP,
    ),
    Event("project.take_out", _("%(name)s is not in %(project)s any more"), _("Why: %(reason)s"), GROUP),
    Event("project.left", _("%(name)s has left %(project)s"), _("Its operator has decided so."), GROUP),
)
name_verbs(
    project__enter=_("Entered a street or park"),
    project__change=_("Changed the entry of a street or park"),
    project__milestone=_("Added a milestone"),
    project__reach=_("Said that a milestone is reached"),
    project__ask=_("Asked that a space belongs to it"),
    project__member=_("Entered a space in it"),
)
name_verbs("spaces.project", start=_("Started the project"), end=_("Ended the project"))
name_verbs(
    "spaces.projectmember",
    confirm=_("Confirmed the space as a member"),
    decline=_("Did not confirm the space"),
    leave=_("Left the project with the space"),
    take_out=_("Took the space out of the project"),
)
name_verbs(
    space__register=_("Registered the space"),
    space__change=_("Changed what the register says of the space"),
    space__site=_("Added a site"),
    space__site_change=_("Changed a site"),
    space__site_end=_("Gave a site up"),
    space__offer=_("Changed what the space offers"),
    space__picture=_("Put a picture of the space on its page"),
    space__picture_order=_("Put the pictures of the space in another order"),
    space__picture_take_down=_("Took an unfit picture of the space down"),
    space__picture_drop=_("Took a picture of the space away"),
    space__new_tag=_("Changed what is new in the space"),
    space__handed_on=_("Took the space over"),
    space__recognise=_("Entered a filing or recognition"),
    space__unrecognise=_("Ended a filing or recognition"),
    space__announce=_("Announced the last day of the space"),
    space__keep_open=_("Took the last day of the space back"),
    space__offered=_("Offered the space to another operator"),
)
name_verbs("spaces.space", close=_("Closed the space"), reopen=_("Opened the space again"), merge=_("Merged the space"))
name_verbs(
    "spaces.transfer",
    accept=_("Accepted the transfer"),
    decline=_("Declined the transfer"),
    withdraw=_("Withdrew the transfer"),
)
name_kinds(spaces__space=Kind(_("Space"), ("name",)), spaces__transfer=Kind(_("Transfer of a space")))
name_kinds(
    spaces__project=Kind(_("Street or park"), ("name",)), spaces__projectmember=Kind(_("Space in a street or park"))
)
