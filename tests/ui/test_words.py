"""Every message of the code and of the templates has its Chinese words, Django's and allauth's own among them."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import polib
import pytest
from django.utils.translation import gettext, override
from django.utils.translation.template import templatize

import chuangbao

SOURCE = Path(chuangbao.__file__).parent
CALLS = {"_", "_n", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}
WRITTEN = re.compile(r"""(?:_|gettext|ngettext)\(u?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")
THE_SAME = {"PDF", "Excel"}


def messages_of_code():
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            called = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
            first = node.args[0] if called in CALLS and node.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value, path


def messages_of_templates():
    for path in SOURCE.rglob("*.html"):
        for found in WRITTEN.finditer(templatize(path.read_text("utf-8"))):
            yield ast.literal_eval(found[1]), path


def list_untranslated(messages):
    with override("zh-hans"):
        return {
            f"{path.relative_to(SOURCE)}: {text}"
            for text, path in messages
            if re.search("[A-Za-z]{2}", re.sub(r"%\(\w+\)s", "", text))
            and text not in THE_SAME
            and gettext(text) == text
        }


@pytest.mark.parametrize("messages", [messages_of_code, messages_of_templates])
def test_every_message_has_chinese_words(messages):
    found = list(messages())
    assert len(found) > 400
    assert list_untranslated(found) == set()


def test_a_message_without_words_is_found():
    assert list_untranslated([("Nobody has put this into Chinese", SOURCE / "x.py")])


def list_conflicts(catalogues):
    """Messages that two catalogues put into different words: gettext takes one of them everywhere."""
    said = {}
    for name, entries in catalogues.items():
        for entry in entries:
            words = entry.msgstr or entry.msgstr_plural.get(0, "")
            if words and not entry.obsolete:
                said.setdefault((entry.msgctxt, entry.msgid), {}).setdefault(words, name)
    return {message: words for (_context, message), words in said.items() if len(words) > 1}


def test_no_two_contexts_put_one_message_into_different_words():
    files = sorted(SOURCE.glob("**/locale/zh_Hans/LC_MESSAGES/django.po"))
    assert len(files) > 3
    assert list_conflicts({path.relative_to(SOURCE).parts[0]: polib.pofile(str(path)) for path in files}) == {}


def test_two_words_for_one_message_are_found():
    one, other = polib.POEntry(msgid="From", msgstr="自"), polib.POEntry(msgid="From", msgstr="开始")
    assert list_conflicts({"facts": [one], "booking": [other]}) == {"From": {"自": "facts", "开始": "booking"}}
