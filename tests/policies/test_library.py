"""Finding things: words, synonyms, sounds, numbers, facets; and reading a document."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from chuangbao.policies.domain.words import folded_number, sounds
from chuangbao.policies.search import Search

SEED = Path(__file__).parents[2] / "packs" / "jilin" / "texts" / "jilin-2015-31.txt"


def found(text, **chosen):
    return {e.ref for e in Search(text, chosen, date(2026, 11, 24)).narrowed()}


@pytest.mark.parametrize(
    "text", ["小型微利", "xxwl", "xiaoxingweili", "财税〔2015〕34号", "财税[2015]34号", "财税(2015) 34 号"]
)
def test_a_measure_is_found_by_word_sound_and_number(library, text):
    assert "2.6.3-small-profit" in found(text)


def test_a_facet_counts_what_a_choice_would_leave(library):
    search = Search("", {"kind": "measure"}, date(2026, 11, 24))
    for facet in search.counted().facets["state"]:
        assert len(found("", kind="measure", state=facet.value)) == facet.count


def test_the_list_takes_a_literal_number_of_queries(client, library, django_assert_num_queries):
    with django_assert_num_queries(3):
        client.get("/policies/?q=创业")


def test_numbers_fold_to_one_style():
    assert folded_number("吉政办发[2015] 31号") == "吉政办发〔2015〕31号"
    assert sounds("创业") == "chuangye cy"


def test_the_seed_is_read_in_the_browser_form(client, library):
    upload = SimpleUploadedFile("seed.txt", SEED.read_bytes())
    page = client.post("/policies/import/", {"file": upload, "text": ""})
    assert page.status_code == 200
    assert "吉政办发〔2015〕31号" in page.content.decode()
    assert [len(s["children"]) for s in page.context["parsed"]["sections"]] == [3, 9, 3]


def test_a_file_that_cannot_be_read_is_refused_with_a_reason(client, library):
    upload = SimpleUploadedFile("seed.pdf", b"%PDF-1.4 nothing")
    assert client.post("/policies/import/", {"file": upload, "text": ""}).status_code == 422


def test_an_empty_form_is_refused(client, library):
    assert client.post("/policies/import/", {"text": " "}).status_code == 422
