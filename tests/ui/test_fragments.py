"""Parts of the shell that are written once for each language and key."""

from __future__ import annotations

from django.template import Context, Template
from django.utils.translation import override

from chuangbao.ui import fragments


def write(template, **given):
    return template.render(Context(given))


def test_a_part_is_written_once_for_each_key_and_language():
    template = Template(
        '{% load i18n %}{% kept a b %}{{ a }} {{ b }} {{ c }} {% translate "Search" %}{% endkept %} {{ c }}'
    )
    with override("en"):
        assert write(template, a=1, b="x", c="first") == "1 x first Search first"
        assert write(template, a=1, b="x", c="second") == "1 x first Search second"
        assert write(template, a=2, b="x", c="second") == "2 x second Search second"
    with override("zh-hans"):
        assert write(template, a=1, b="x", c="third") == "1 x third 搜索 third"


def test_two_parts_are_kept_apart_and_what_is_in_them_is_escaped():
    template = Template("{% kept %}{{ a }}{% endkept %}{% kept %}{{ b }}{% endkept %}")
    assert write(template, a="<", b="&") == "&lt;&amp;"
    assert write(Template("{% kept %}{{ a }}{% endkept %}"), a="c") == "c"


def test_no_more_is_kept_than_a_part_has_writings(monkeypatch):
    monkeypatch.setattr(fragments, "MOST", 2)
    template = Template("{% kept a %}{{ b }}{% endkept %}")
    assert [write(template, a=n, b=n) for n in range(3)] == ["0", "1", "2"]
    assert (write(template, a=0, b="again"), write(template, a=2, b="again")) == ("again", "2")
