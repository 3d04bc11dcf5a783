"""What cannot be had together (不能同时享受), in words: the same on the screen, on the sheet and in a shared copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext

from chuangbao.ui.presentation.conditions import join_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chuangbao.rules.bundle import Bundle

__all__ = ["words_apart"]


def words_apart(titles: Mapping[str, str], bundle: Bundle) -> dict[str, str]:
    """What each measure cannot be had together with, by measure; both sides of the exclusion say so."""
    rivals: dict[str, list[str]] = {}
    for left in bundle.left:
        for other in left.by:
            rivals.setdefault(left.measure, []).append(titles.get(other, other))
            rivals.setdefault(other, []).append(titles.get(left.measure, left.measure))
    return {
        measure: gettext("Not together with: %(others)s. Counted once.") % {"others": join_words(dict.fromkeys(others))}
        for measure, others in rivals.items()
    }
