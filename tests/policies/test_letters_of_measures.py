"""What a letter may say of a measure: of one's own answer nothing, of what one follows only what tells nothing."""

from __future__ import annotations

import re

import pytest

from chuangbao.core.messaging.notifications import EVENTS, letter_words
from chuangbao.core.models import Notice

OF_ONESELF = ("policies.eligible", "policies.not_eligible", "policies.undetermined", "policies.found",
              "policies.corrected", "facts.", "file.")  # fmt: skip


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_every_event_about_ones_own_answer_or_facts_is_discreet(name):
    of_oneself = name.startswith(OF_ONESELF)
    assert EVENTS[name].discreet is of_oneself
    asked = re.findall(r"%\((\w+)\)", f"{EVENTS[name].title} {EVENTS[name].body}")
    words = dict.fromkeys((*asked, "title"), "残疾人创业补贴")
    said = " ".join(letter_words(Notice(event=name, data=words, url="/policies/measures/disabled/")))
    assert ("残疾" not in said and "disabled" not in said) is of_oneself
