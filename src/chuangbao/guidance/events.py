"""What people are told of questions."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangbao.core.audit.log import Kind, name_kinds, name_verbs
from chuangbao.core.messaging.notifications import Event, register

register(
    Event("question.asked", _("A question about a policy waits"), _("Answer it until %(day)s."), "tasks"),
    Event("question.replied", _("A founder has replied to you"), _("Answer it until %(day)s."), "tasks"),
    Event("question.answer", _("Your question was answered"), _("Open the thread to read it."), "guidance"),
    Event(
        "question.ask_back",
        _("The office has a question for you"),
        _("Reply in the thread; then the office goes on."),
        "guidance",
    ),
    Event(
        "question.hand_on",
        _("Your question was handed on"),
        _("Another office answers it until %(day)s. The thread says why."),
        "guidance",
    ),
    Event("question.close", _("Your question was closed"), _("The thread stays for you to read."), "guidance"),
)
name_verbs(
    "guidance.question",
    ask=_("Asked an office"),
    answer=_("Answered a question"),
    ask_back=_("Asked a founder"),
    hand_on=_("Handed a question on"),
    reply=_("Replied to an office"),
    close=_("Closed a question"),
    withdraw=_("Took a question back"),
    detach=_("Took the attached check-up back"),
)
name_kinds(guidance__question=Kind(_("Question to an office")))
