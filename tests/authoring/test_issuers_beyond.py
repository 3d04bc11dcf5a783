"""A document of issuers beyond the office's area (发文机关) is brought in with a written reason, and says by whom."""

from __future__ import annotations

import pytest
from django.utils import timezone

import factories
from chuangbao.authoring.domain.authored import move_on, publish_text
from chuangbao.authoring.domain.documents import bring_document, edit_document
from chuangbao.core.workflow.refusals import Refused
from chuangbao.policies.domain.offices import list_issuers_beyond
from chuangbao.policies.domain.reading import read_text
from chuangbao.policies.enums import Stage

pytestmark = pytest.mark.usefixtures("regions")
TEXT = "关于软件的通知\n\n一、补贴\n\n（一）软件。对软件给予适当补贴。由科技局负责。\n"


@pytest.fixture
def paper(author):
    text, parsed = read_text(TEXT)
    row = bring_document(ref="cc-1", text=text, parsed=parsed, actor=author)
    return edit_document(document=row, values={"issuers": ["国务院"]}, revision=row.revision, actor=author)


@pytest.mark.parametrize(
    ("region", "issuers", "beyond"),
    [
        ("220100", ["国务院"], ["国务院"]),
        ("220100", ["吉林省人民政府"], ["吉林省人民政府"]),
        ("220100", ["长春市人民政府办公室"], []),
        ("220100", ["吉林省长春市南关区科学技术局"], []),
        ("220100", ["南关区人民政府", "财政部"], ["财政部"]),
        ("220100", ["科技局"], []),
        ("220100", ["吉林市人民政府"], ["吉林市人民政府"]),
        ("220100", [], []),
        ("220200", ["吉林市人民政府", "吉林省人民政府"], ["吉林省人民政府"]),
        ("220202", ["吉林市昌邑区人民政府", "吉林市人民政府"], ["吉林市人民政府"]),
        ("220000", ["吉林省人民政府办公厅", "长春市人民政府", "国家税务总局"], ["国家税务总局"]),
    ],
)
def test_an_issuer_is_of_the_area_by_the_place_that_it_names(paper, region, issuers, beyond):
    paper.region_id, paper.issuers = region, issuers
    assert list_issuers_beyond(paper) == beyond


def test_a_county_that_brings_in_the_state_councils_words_says_why_and_the_library_says_who(
    client, author, reviewer, paper
):
    with pytest.raises(Refused) as refused:
        move_on(row=paper, verb="submit", actor=author)
    assert (refused.value.code, refused.value.field) == ("reason_needed", "reason")
    paper.refresh_from_db()
    assert paper.stage == Stage.DRAFT
    at = factories.sign_in(client, author)
    address = f"/policies/desk/documents/{paper.pk}/"
    assert "发文机关不属于本单位的地区：国务院" in at.get(address).content.decode()
    again = at.post(f"{address}submit/", {"submit-reason": " "})
    assert again.status_code == 422
    assert "请书面说明" in again.content.decode()
    assert at.post(f"{address}submit/", {"submit-reason": "转发上级文件"}).status_code == 302
    paper.refresh_from_db()
    at = factories.sign_in(client, reviewer)
    assert "转发上级文件" in at.get(address).content.decode()
    publish_text(row=paper, valid_from=timezone.localdate(), actor=reviewer)
    page = at.get("/policies/documents/cc-1/").content.decode()
    assert "录入单位" in page
    assert f"{paper.region} · {paper.department}" in page


def test_a_document_of_the_own_area_asks_for_no_reason(author, paper):
    values = {"issuers": [f"{paper.region}人民政府"]}
    row = edit_document(document=paper, values=values, revision=paper.revision, actor=author)
    assert move_on(row=row, verb="submit", actor=author).stage == Stage.IN_REVIEW
