"""Check-ups from start to result, as plain forms."""

from __future__ import annotations

import pytest
from django.utils import timezone

from chuangbao.policies.domain.registry import current_pack
from chuangbao.portal.checkup import verbs
from chuangbao.portal.checkup.result import result_of
from chuangbao.portal.models import CheckUp

COMPANY = {
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


def test_someone_who_knows_nothing_gets_a_question_and_no_verdict_by_accident(client, begun):
    result = result_of(CheckUp.objects.get(token=token(begun)))
    assert result.question is not None
    page = client.get(begun)
    assert page.status_code == 200
    client.post(f"{begun}answer/", {"fact": result.question.fact, "unknown": "1"})
    after = result_of(CheckUp.objects.get(token=token(begun)))
    assert after.question is None or after.question.fact != result.question.fact


def test_a_small_company_in_2015_sees_the_cliff(client, begun):
    checkup = CheckUp.objects.get(token=token(begun))
    client.post(f"{begun}day/", {"as_of": "2015-06-30", "region": "220000"})
    for fact, value in COMPANY.items():
        verbs.answer(checkup=checkup, fact=current_pack().facts[fact], value=value)
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
    assert CheckUp.objects.get(token=token(begun)).answers.count() == 0


def test_a_shared_result_leaves_sensitive_answers_behind_and_ends(client, begun):
    checkup = CheckUp.objects.get(token=token(begun))
    pack = current_pack()
    sensitive = next((f for f in pack.facts.values() if f.sensitive and f.type.value == "boolean"), None)
    verbs.answer(checkup=checkup, fact=pack.facts["taxable_income"], value=100000)
    if sensitive:
        verbs.answer(checkup=checkup, fact=sensitive, value=True)
    address = client.post(f"{begun}share/")["Location"].split("?")[0]
    copy = CheckUp.objects.get(token=token(address))
    assert [a.fact for a in copy.answers.all()] == ["taxable_income"]
    assert client.get(address).status_code == 200
    CheckUp.objects.filter(pk=copy.pk).update(expires_at=timezone.now())
    assert client.get(address).status_code == 404


def test_the_paper_is_a_pdf(client, begun):
    response = client.get(f"{begun}result.pdf")
    assert response.content.startswith(b"%PDF")


def test_a_step_asks_the_database_three_times(client, begun, django_assert_num_queries):
    with django_assert_num_queries(3):
        client.get(begun)
