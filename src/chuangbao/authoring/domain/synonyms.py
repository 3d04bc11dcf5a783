"""Keeping people's words for the search (同义词): added and taken away by officers, in effect at the next search."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from chuangbao.authoring.permissions import may_author
from chuangbao.core.access.permissions import permit
from chuangbao.core.audit.log import record
from chuangbao.core.localization.width import narrow
from chuangbao.core.workflow.refusals import Refused
from chuangbao.policies.models import Synonym
from chuangbao.policies.models.synonyms import LONGEST_WORD, MOST_WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chuangbao.core.access.actors import Actor

__all__ = ["add_synonym", "remove_synonym"]

SHORTEST_WORD = 2


@transaction.atomic
def add_synonym(*, say: str, find: Sequence[str], actor: Actor) -> Synonym:
    """Let a word of people find the words of the texts.

    Raises Refused: ``short_word``, ``long_word``, ``no_words``, ``many_words``, ``same_word``, ``known_word``.
    """
    permit(may_author, actor=actor)
    said = tidy(say)
    wanted = [word for word in dict.fromkeys(map(tidy, find)) if word]
    if len(said) < SHORTEST_WORD:
        raise Refused("short_word", _("A word has at least two characters."), field="say")
    if len(said) > LONGEST_WORD or any(len(word) > LONGEST_WORD for word in wanted):
        message = _("A word has at most %(most)d characters.") % {"most": LONGEST_WORD}
        raise Refused("long_word", message, field="say" if len(said) > LONGEST_WORD else "find")
    if not wanted:
        raise Refused("no_words", _("Say at least one word that the texts use."), field="find")
    if len(wanted) > MOST_WORDS:
        message = _("A word stands for at most %(most)d words.") % {"most": MOST_WORDS}
        raise Refused("many_words", message, field="find")
    if said in wanted:
        raise Refused("same_word", _("A word need not stand for itself: that is looked for anyway."), field="find")
    try:
        with transaction.atomic():
            row = Synonym.objects.create(say=said, find=wanted)
    except IntegrityError as clash:
        message = _("This word is in the list already: take it away there, then write it again.")
        raise Refused("known_word", message, field="say") from clash
    record(actor, "synonym.add", row, data={"say": said, "find": wanted})
    return row


@transaction.atomic
def remove_synonym(*, synonym: int, actor: Actor) -> None:
    """Take a word away; one that is gone already stays gone."""
    permit(may_author, actor=actor)
    row = Synonym.objects.select_for_update().filter(pk=synonym).first()
    if row is None:
        return
    record(actor, "synonym.remove", row, data={"say": row.say, "find": row.find})
    row.delete()


def tidy(word: str) -> str:
    """A word as a search looks it up: narrow, lower case, without blanks at its ends."""
    return narrow(word).strip().lower()
