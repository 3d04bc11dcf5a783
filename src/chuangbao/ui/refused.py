"""A refusal is always said (不予办理要说明): also where the page, drawn again, has no place for the form any more.

A form that moved a row on in another tab, or on somebody else's screen, is gone from the page that answers it; what
was refused is then said above the content.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.forms import BaseForm
from django.template import Node
from django.template.loader import get_template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from chuangbao.core.http.forms import REFUSED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.template import Context, NodeList
    from django.template.base import Parser, Token

__all__ = ["parse_refused"]

DEEPEST = 3
ALERT = 'role="alert"'


class SayingRefusals(Node):
    """What is between ``refused`` and ``endrefused``, below the words of every refusal that it does not say itself."""

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        """Return the content, and before it what was refused and is said nowhere in it."""
        content = self.nodelist.render(context)
        refused = REFUSED.get()
        if refused is None:
            return content
        unsaid = list_unsaid([*refused, *find_refused(list(context.flatten().values()))], content)
        if not unsaid:
            return content
        return SafeString(get_template("ui/refused.html").render({"messages": unsaid}) + content)


def list_unsaid(refused: list[BaseForm], content: str) -> list[str]:
    """Return the messages of refused forms that no alert of the content says, each once."""
    said = content if ALERT in content else ""
    messages = (words for form in refused for words in list_messages(form))
    return [words for words in dict.fromkeys(messages) if conditional_escape(words) not in said]


def find_refused(value: object, depth: int = 0) -> Iterator[BaseForm]:
    """Yield the forms that were sent and found wrong before any verb was asked, also those in lists of the page."""
    if isinstance(value, BaseForm):
        if value.is_bound and value.errors:
            yield value
    elif isinstance(value, (list, tuple)) and depth < DEEPEST:
        for one in value:
            yield from find_refused(one, depth + 1)


def list_messages(form: BaseForm) -> list[str]:
    """Return every message of a form."""
    return [str(message) for messages in form.errors.values() for message in messages]


def parse_refused(parser: Parser, _token: Token) -> SayingRefusals:
    """Read ``{% refused %}`` up to ``{% endrefused %}``."""
    nodelist = parser.parse(("endrefused",))
    parser.delete_first_token()
    return SayingRefusals(nodelist)
