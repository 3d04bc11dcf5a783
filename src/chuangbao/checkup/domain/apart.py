"""What cannot be had together (不能同时享受), in words: the same on the screen, on the sheet and in a shared copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext

from chuangbao.ui.presentation.conditions import join_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chuangbao.rules.bundle import Bundle
    from chuangbao.rules.judgement import Answer

__all__ = ["words_apart", "words_instead"]


def words_instead(taken: Answer, other: Answer) -> str:
    """What a measure is worth beside the one that was taken in its place."""
    if other.amount is None and other.per:
        return gettext("its sum is not known yet and may be more")
    if not other.grant.sure:
        return gettext("only for those who are chosen")
    if (other.amount, other.per) == (taken.amount, taken.per):
        return gettext("worth the same")
    return gettext("worth less")


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
