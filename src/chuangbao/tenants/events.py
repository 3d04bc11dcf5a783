"""What the two sides hear of a tenancy, and the words of what was done on the record."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangbao.core.audit.log import Kind, name_kinds, name_verbs
from chuangbao.core.messaging.notifications import Event, register

__all__: list[str] = []

GROUP = "tenants"

register(
    Event("tenancy.applied", _("%(tenant)s wants a place in %(space)s"), _("Answer, and agree on a talk."), GROUP),
    Event(
        "tenancy.talk",
        _("%(space)s wants to talk with you on %(day)s at %(time)s"),
        _("Where: %(place)s. Say so where another time is better."),
        GROUP,
    ),
    Event(
        "tenancy.admit",
        _("%(space)s admits %(tenant)s"),
        _("Next the agreement: read it and confirm it with your account."),
        GROUP,
    ),
    Event("tenancy.decline", _("%(space)s has no place for you this time"), _("Why: %(reason)s"), GROUP),
    Event("tenancy.withdraw", _("%(tenant)s has withdrawn the application"), _("It asked %(space)s."), GROUP),
    Event("tenancy.begin", _("%(tenant)s is a tenant of %(space)s"), _("Both sides have confirmed."), GROUP),
    Event(
        "tenancy.found",
        _("A team in %(space)s has become the firm %(tenant)s"),
        _("The place goes on. Look at what was agreed with the team."),
        GROUP,
    ),
    Event(
        "tenancy.graduate",
        _("%(tenant)s graduates from %(space)s"),
        _("Congratulations. Look at the hand-over list."),
        GROUP,
    ),
    Event("tenancy.leave", _("%(tenant)s leaves %(space)s"), _("As of %(day)s. Look at the hand-over list."), GROUP),
    Event(
        "tenancy.agreement",
        _("Your agreement with %(space)s is ready: %(number)s"),
        _("Read it and confirm it. The operator has confirmed it already."),
        GROUP,
    ),
    Event("tenancy.void", _("The agreement %(number)s was taken back"), _("It concerned %(space)s."), GROUP),
    Event("tenancy.taken_back", _("The agreement %(number)s was taken back"), _("Why: %(reason)s"), GROUP),
    Event(
        "tenancy.service",
        _("%(space)s noted a service for you: %(service)s"),
        _("On %(day)s. Confirm it, or say what is wrong. Only what you confirm counts."),
        GROUP,
    ),
    Event(
        "tenancy.disputed",
        _("%(tenant)s says that a service is noted wrongly: %(service)s"),
        _("Why: %(reason)s"),
        GROUP,
    ),
    Event(
        "tenancy.entered",
        _("%(space)s says that %(tenant)s is its tenant"),
        _("For the time before the platform. Confirm it, or say that it is wrong; until then it counts nowhere."),
        GROUP,
    ),
    Event("tenancy.confirmed", _("%(tenant)s confirms its place in %(space)s"), _("From now on it counts."), GROUP),
    Event(
        "tenancy.refuse", _("%(tenant)s says that it is no tenant of %(space)s"), _("The entry does not count."), GROUP
    ),
    Event(
        "tenancy.renewed",
        _("%(tenant)s goes on in %(space)s until %(day)s"),
        _("Both sides have confirmed the new agreement."),
        GROUP,
    ),
    Event(
        "tenancy.term",
        _("The term of %(tenant)s in %(space)s ends on %(day)s"),
        _("Agree on a new term, on graduation or on the end in good time."),
        GROUP,
    ),
    Event("tenancy.end", _("The tenancy of %(tenant)s in %(space)s has ended"), _("Why: %(reason)s"), GROUP),
)
name_verbs(
    tenancy__apply=_("Applied for a place"),
    tenancy__arrange=_("Agreed on a talk"),
    tenancy__note_talk=_("Noted a talk"),
    tenancy__found=_("Went on as a firm"),
    tenancy__place=_("Changed place and cohort of the tenant"),
    cohort__keep=_("Changed a cohort"),
    tenancy__milestone=_("Changed the milestones"),
    tenancy__card=_("Filled in the yearly card"),
    tenancy__hand_over=_("Ticked the hand-over list"),
    tenancy__enter=_("Entered a tenant of before"),
    tenancy__confirm=_("Confirmed the entry of the operator"),
    tenancy__renew=_("Renewed the term"),
    tenancy__remind=_("Reminded both sides of the end of the term"),
    cohort__drop=_("Removed a cohort"),
    tenancy__take_data=_("Took the own data along"),
    agreement__offer=_("Offered the agreement and confirmed it"),
    service__log=_("Noted a service"),
)
name_verbs(
    "tenants.tenancy",
    talk=_("Began to talk"),
    admit=_("Admitted the tenant"),
    decline=_("Did not admit the tenant"),
    withdraw=_("Withdrew the application"),
    begin=_("Began the tenancy"),
    graduate=_("Let the tenant graduate"),
    refuse=_("Said that the entry is wrong"),
    leave=_("Left the space"),
    end=_("Ended the tenancy"),
)
name_verbs("tenants.agreement", sign=_("Confirmed the agreement"), void=_("Took the agreement back"))
name_verbs(
    "tenants.service",
    confirm=_("Confirmed the service"),
    dispute=_("Disputed the service"),
    withdraw=_("Took the service out"),
)
name_kinds(
    tenants__tenancy=Kind(_("Tenancy")),
    tenants__cohort=Kind(_("Cohort"), ("name",)),
    tenants__agreement=Kind(_("Agreement"), ("number",)),
    tenants__service=Kind(_("Service")),
)
