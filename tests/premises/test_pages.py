"""The pages of premises and letters: a fixed number of questions, what the firm, the host and a stranger see."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

import factories
from chuangbao.core.access.actors import ANONYMOUS
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.search_sources import find_by_name
from chuangbao.premises.domain.letters import revoke_letter
from chuangbao.premises.models import ConsentLetter, LetterLookup
from premises.samples import make_letter, make_premise
from spaces.samples import make_space

pytestmark = pytest.mark.usefixtures("regions")


@pytest.fixture
def host(client):
    actor = factories.member()
    factories.sign_in(client, actor)
    return actor


def test_from_a_site_to_a_printed_letter(client, host):
    assert "没有在用场地" in client.get(reverse("premises:new")).content.decode()
    space = make_space(host, name="演示·空间")
    asked = client.get(reverse("premises:new"), {"space": space.pk}).content.decode()
    assert f'<option value="{space.sites.get().pk}" selected>' in asked, "the space that one comes from is chosen"
    sent = {"site": space.sites.get().pk, "room": "301-A12", "ceiling": "2"}
    page = client.post(reverse("premises:new"), sent).url
    assert "还没有证明" in client.get(page).content.decode()
    form = {"licensee": "演示科技有限公司", "valid_until": "2030-01-01", "business": "直播电商"}
    new = reverse("premises:letter_new", args=[int(page.split("/")[-2])])
    wrong = client.post(new, form | {"licensee_code": "1234"})
    assert wrong.status_code == 422
    both = client.post(new, form | {"licensee_code": "1234", "valid_until": "2020-01-01"})
    assert set(both.context["form"].errors) == {"licensee_code", "valid_until"}, "all at once"
    assert "演示科技有限公司" in wrong.content.decode()
    letter_page = client.post(new, form).url
    text = client.get(letter_page).content.decode()
    row = unscoped(ConsentLetter, because="a test").get()
    assert row.check_code in text
    pdf = client.get(reverse("premises:letter_pdf", args=[row.pk]))
    words = PdfReader(BytesIO(pdf.content)).pages[0].extract_text()
    assert row.number in words
    assert row.check_code in words


def test_the_lists_ask_a_fixed_number_of_questions(client, host, django_assert_num_queries):
    premise = make_premise(host)
    for n in range(25):
        make_letter(premise, host, f"第{n}科技有限公司")
    client.get(reverse("premises:letters"))
    with django_assert_num_queries(7):
        page = client.get(reverse("premises:letters")).content.decode()
    assert page.count("科技有限公司") == 20
    with django_assert_num_queries(7):
        client.get(reverse("premises:list"))
    with django_assert_num_queries(8):
        client.get(reverse("premises:premise", args=[premise.pk]))
    assert "第7科技有限公司" in client.get(reverse("premises:letters"), {"q": "第7科技"}).content.decode()
    assert "没有符合的证明" in client.get(reverse("premises:letters"), {"stage": "revoked"}).content.decode()
    book = load_workbook(BytesIO(client.get(reverse("premises:workbook"), {"q": "第7"}).content))
    assert [row[1].value for row in book.active.iter_rows(min_row=2)] == ["第7科技有限公司"]


def test_a_letter_is_replaced_noted_and_revoked_from_its_page(client, host):
    letter = make_letter(make_premise(host), host)
    page = reverse("premises:letter", args=[letter.pk])
    empty = client.post(reverse("premises:letter_revoke", args=[letter.pk]), {"reason": ""})
    assert empty.status_code == 422
    code = {"licensee_code": factories.credit_code(), "licensed_on": "2026-01-05"}
    assert client.post(reverse("premises:letter_licence", args=[letter.pk]), code).url == page
    form = {"licensee": "演示新名科技有限公司", "valid_until": "2030-01-01"}
    newer = client.post(reverse("premises:letter_replace", args=[letter.pk]), form).url
    assert "已换发" in client.get(page).content.decode()
    number = int(newer.split("/")[-2])
    assert client.post(reverse("premises:letter_revoke", args=[number]), {"reason": "联系不上"}).url == newer
    assert "联系不上" in client.get(newer).content.decode()
    assert client.post(reverse("premises:ceiling", args=[letter.premise_id]), {"ceiling": "0"}).status_code == 422
    closed = client.post(reverse("premises:close", args=[letter.premise_id]))
    assert closed.url == reverse("premises:premise", args=[letter.premise_id])


def test_a_stranger_looks_a_letter_up_and_reads_no_name(client, django_assert_num_queries):
    owner = factories.member()
    letter = make_letter(make_premise(owner), owner, "长春创宝科技有限公司")
    code = reverse("premises:look_up_code", args=[letter.address_code])
    with django_assert_num_queries(3):
        page = client.get(code).content.decode()
    assert "今天有效" in page
    assert "创宝科技" not in page.replace("创宝网", "")
    assert "一致" in client.post(code, {"name": "长春创宝科技有限公司"}).content.decode()
    assert "另一家" in client.post(code, {"name": "长春创包科技有限公司"}).content.decode()
    typed = {"number": letter.number, "check": letter.check_code}
    assert "今天有效" in client.post(reverse("premises:look_up"), typed).content.decode()
    assert client.post(reverse("premises:look_up"), typed | {"check": "AAAAAAAA"}).status_code == 422
    assert client.get(reverse("premises:look_up_code", args=["x"])).status_code == 404
    revoke_letter(letter=letter, actor=owner, reason="联系不上")
    assert "已撤销" in client.get(code).content.decode()
    assert unscoped(LetterLookup, because="a test").filter(letter=letter).count() == 3


def test_a_number_that_looks_like_a_count_resets_no_limit(client, regions, settings):
    settings.RATE_LIMITS = True
    address = reverse("premises:look_up")
    typed = [{"number": "ip:127.0.0.1" if turn % 5 == 0 else "2026-1", "check": "A"} for turn in range(31)]
    states = [client.post(address, each).status_code for each in typed]
    assert (states[:30], states[30]) == ([422] * 30, 429)


def test_the_look_up_of_letters_is_linked_from_every_page_and_found_by_the_search(client):
    page = reverse("premises:look_up")
    assert f'<a href="{page}">查验住所证明</a>' in client.get("/").content.decode()
    for words in ("查验住所证明", "住所证明", "证明真伪"):
        assert any(hit.url == page for group in find_by_name(ANONYMOUS, words) for hit in group.hits)
    assert not [group for group in find_by_name(ANONYMOUS, "住所") if "证明" in group.label]
