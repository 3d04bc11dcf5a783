"""The document of 吉政办发〔2015〕31号, read whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuangbao.gongwen import Document, parse_file, parse_text

SEED = Path(__file__).parents[2] / "packs" / "jilin" / "texts" / "jilin-2015-31.txt"


@pytest.fixture(scope="module")
def document() -> Document:
    return parse_file(SEED)


def test_head_of_the_seed(document: Document) -> None:
    found = document.to_dict()
    assert found["number"] == "吉政办发〔2015〕31号"
    assert found["kind"] == "意见"
    assert found["title"] == "吉林省人民政府办公厅关于发展众创空间推进大众创新创业的实施意见"
    assert found["date"] == "2015-06-08"
    assert found["issuers"] == ["吉林省人民政府办公厅"]
    assert found["addressees"] == [
        "各市（州）人民政府",
        "长白山管委会",
        "各县（市）人民政府",
        "省政府各厅委办、各直属机构",
    ]
    assert found["basis"] == ["《国务院办公厅关于发展众创空间推进大众创新创业的指导意见》（国办发〔2015〕9号）"]
    assert found["attachments"] == ["发展众创空间推进大众创新创业重点任务分工"]


def test_tree_of_the_seed(document: Document) -> None:
    assert [len(part.children) for part in document.sections] == [3, 9, 3]
    sixth = document.sections[1].children[5]
    assert (sixth.id, sixth.mark, sixth.heading) == ("2.6", "（六）", "加强财政资金引导")


def test_numbers_of_the_seed(document: Document) -> None:
    found = {
        section.id: [(q.text, q.value, q.unit, q.bound) for s in section.sentences for q in s.quantities]
        for section in document.walk()
    }
    assert found["1.3"] == [
        ("２０２０年", "2020", "date", None),
        ("１００家", "100", "家", ">="),
        ("５０００家", "5000", "家", ">="),
        ("１万人", "10000", "人", ">="),
        ("１０００家", "1000", "家", ">="),
    ]
    assert found["2.2"] == [("２０％", "20", "%", ">="), ("７０％", "70", "%", ">=")]
    assert found["2.6"] == [
        ("２０万元", "200000", "CNY", "<="),
        ("２０万元", "200000", "CNY", None),
        ("５０％", "50", "%", None),
        ("２０％", "20", "%", None),
    ]


def test_positions_are_those_of_the_file(document: Document) -> None:
    assert "".join(leaf.text for leaf in document.leaves()).encode() == SEED.read_bytes()
    for section in document.walk():
        assert document.text[section.start : section.end].startswith(section.mark)
        for sentence in section.sentences:
            assert section.start <= sentence.start < sentence.end <= section.end
            for quantity in sentence.quantities:
                assert document.text[quantity.start : quantity.end] == quantity.text


NOISE = st.text(alphabet=" \n\r\t\u3000０1一、（(）)《》“”。；：:第条章附件号〔]年月日％元abc", max_size=6)


@given(st.lists(st.tuples(st.integers(0, 5000), NOISE), max_size=8))
def test_leaves_give_back_a_noisy_seed(noise: list[tuple[int, str]]) -> None:
    text = SEED.read_text(encoding="utf-8")
    for at, sign in noise:
        text = text[:at] + sign + text[at:]
    assert "".join(leaf.text for leaf in parse_text(text).leaves()) == text


@given(
    st.text(
        alphabet="一二第章条款（）()《》。；：\n 1２.、％元年月日号〔〕附件是要关于通知办法公告令",
        min_size=1,
        max_size=200,
    )
)
def test_leaves_give_back_any_text(text: str) -> None:
    text += "文"
    assert "".join(leaf.text for leaf in parse_text(text).leaves()) == text
