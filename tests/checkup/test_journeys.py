"""Check-ups from start to result, as plain forms."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from chuangbao.checkup.domain import checkups
from chuangbao.checkup.domain.result import result_of
from chuangbao.checkup.models import CheckUp
from chuangbao.core.access.tokens import hash_token
from chuangbao.core.engine.current import current_pack

COMPANY = {
    "is_resident_enterprise": True,
    "taxable_income": 200000,
    "employees_avg": 50,
    "assets_avg": 5000000,
    "industry_kind": "other",
    "restricted_industry": False,
}


@pytest.fixture
def begun(client, library):
    response = client.post("/checkup/", {"who": "", "want": ""})
    return response["Location"]


def token(address):
    return address.strip("/").split("/")[-1]


def at(address):
    return CheckUp.objects.get(token_hash=hash_token(token(address)))


def test_someone_who_knows_nothing_gets_a_question_and_no_verdict_by_accident(client, begun):
    result = result_of(at(begun))
    assert result.question is not None
    page = client.get(begun)
    assert page.status_code == 200
    client.post(f"{begun}answer/", {"fact": result.question.fact, "unknown": "1"})
    after = result_of(at(begun))
    assert after.question is None or after.question.fact != result.question.fact


def test_a_small_company_in_2015_sees_the_cliff(client, begun):
    checkup = at(begun)
    client.post(f"{begun}day/", {"as_of": "2015-06-30", "region": "220000"})
    for fact, value in COMPANY.items():
        checkups.keep_answer(checkup=checkup, fact=current_pack().facts[fact], value=value)
    checkup.refresh_from_db()
    ids = {f.answer.version for f in result_of(checkup).eligible}
    assert "CIT-SLP-2015A" in ids
    client.post(f"{begun}answer/", {"fact": "taxable_income", "taxable_income": "200000.01"})
    ids = {f.answer.version for f in result_of(checkup).eligible}
    assert "CIT-SLP-2015A" not in ids


def test_a_wrong_answer_is_said_beside_it_and_nothing_is_lost(client, begun):
    response = client.post(f"{begun}answer/", {"fact": "taxable_income", "taxable_income": "viel"})
    assert response.status_code == 422
    assert 'value="viel"' in response.content.decode()
    assert at(begun).answers.count() == 0


def test_a_shared_result_leaves_sensitive_answers_behind_and_ends(client, begun):
    checkup = at(begun)
    pack = current_pack()
    sensitive = next((f for f in pack.facts.values() if f.sensitive and f.type.value == "boolean"), None)
    checkups.keep_answer(checkup=checkup, fact=pack.facts["taxable_income"], value=100000)
    if sensitive:
        checkups.keep_answer(checkup=checkup, fact=sensitive, value=True)
    address = client.post(f"{begun}share/")["Location"].split("?")[0]
    copy = at(address)
    kept = [(a.fact, a.state, a.value) for a in copy.answers.all()]
    assert kept == [("taxable_income", "given", "100000"), ("left.0", "unknown", "")]
    assert client.get(address).status_code == 200
    CheckUp.objects.filter(pk=copy.pk).update(expires_at=timezone.now())
    assert client.get(address).status_code == 404


def test_the_paper_is_a_pdf(client, begun):
    response = client.get(f"{begun}result.pdf")
    assert response.content.startswith(b"%PDF")


def test_a_step_asks_the_database_five_times(client, begun, django_assert_num_queries):
    with django_assert_num_queries(5):  # the check-up, its answers, its shared copies, the register, the offices
        client.get(begun)


def test_an_answer_is_taken_back_where_it_stands(client, begun):
    client.post(f"{begun}answer/", {"fact": "taxable_income", "taxable_income": "200000"})
    page = client.get(begun).content.decode()
    form = page.partition(f'action="{begun}withdraw/"')[2].partition("</form>")[0]
    assert 'name="fact" value="taxable_income"' in form
    assert "清除" in form
    client.post(f"{begun}withdraw/", {"fact": "taxable_income"})
    assert at(begun).answers.count() == 0


def test_a_shared_link_is_copied_scanned_and_withdrawn(client, begun):
    address = client.post(f"{begun}share/")["Location"].split("?")[0]
    page = client.get(address).content.decode()
    assert f'value="http://testserver{address}"' in page
    assert 'data-copy="#shared-address"' in page
    assert client.get(f"{address}code.svg")["Content-Type"] == "image/svg+xml"
    assert client.get(f"{begun.replace(token(begun), 'x')}code.svg").status_code == 404
    assert re.search(r"有效期至<time[^>]*>\d{4}年\d+月\d+日</time>。判定日期为<time", page)
    assert ". " not in re.sub(r"<[^>]+>", "", page.partition("有效期至")[2][:200])
    own = client.get(begun).content.decode()
    withdraw = re.search(rf'action="({begun}share/[^"]+)"', own)[1]
    assert client.get(withdraw).url == begun
    stranger = client.post("/checkup/", {"who": "", "want": ""})["Location"]
    client.post(f"{stranger}share/{token(address)}/")
    assert client.get(address).status_code == 200, "only who made it withdraws it"
    client.post(withdraw)
    assert client.get(address).status_code == 404
    assert "现在可以阅读的分享链接" not in client.get(begun).content.decode()
    assert client.get("/checkup/shared/nothing/code.svg").status_code == 404
