"""The look-up of letters in the one search box: who holds a letter looks for the place to check it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangbao.core.search_sources import Hit, search_by_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chuangbao.core.access.actors import Actor

__all__: list[str] = []

SOUGHT = ("住所证明", "住所使用证明", "查验", "验证", "验真", "证明真伪", "核验", "letter", "look up")
"""What people type who want to check a letter."""


@search_by_name("letters", gettext_lazy("Letters for an address"))
def find_look_up(_actor: Actor, words: str, _most: int) -> Iterable[Hit]:
    """Find the page on which a letter is looked up."""
    typed = words.lower()
    if any(sought in typed for sought in SOUGHT):
        note = _("By its QR code, or its number and check code; no account is needed.")
        yield Hit(_("Look a letter of consent up"), reverse("premises:look_up"), note)
