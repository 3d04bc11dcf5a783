"""Archives of documents: what is listed, what is taken out, and what is refused before anything is unpacked."""

from __future__ import annotations

import io
import zipfile

import pytest

from chuangbao.gongwen import DocumentError
from chuangbao.gongwen.archives import DEEPEST, LARGEST, list_members, take_member
from chuangbao.gongwen.batch import MOST_DOCUMENTS, line_of, list_folder


def pack(files: dict[str, bytes], how: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as box:
        for name, content in files.items():
            box.writestr(name, content)
    return out.getvalue()


def test_documents_are_listed_in_order_without_what_programs_leave():
    data = pack({
        "b/二.txt": b"2", "a.txt": b"1", "__MACOSX/a.txt": b"x", ".DS_Store": b"x", "b/~$二.docx": b"x", "Thumbs.db": b"x",
        "empty/": b"",
    })  # fmt: skip
    assert [member.name for member in list_members(data, "x.zip")] == ["a.txt", "b/二.txt"]
    index = next(member.index for member in list_members(data, "x.zip") if member.name == "b/二.txt")
    assert take_member(data, index) == ("b/二.txt", b"2")


def test_a_name_of_chinese_windows_is_read_and_no_name_leads_out_or_turns_round():
    # zipfile writes no name in GB18030, so that one is put in the place of one of the same length
    data = pack({"abcd.txt": b"1"}).replace(b"abcd.txt", "通知".encode("gb18030") + b".txt")
    assert [member.name for member in list_members(data, "x.zip")] == ["通知.txt"]
    data = pack({"../../etc/a\u202e.txt": b"1", "/b\n.txt": b"2", f"{'长' * 300}.txt": b"3"})
    names = [member.name for member in list_members(data, "x.zip")]
    assert names[:2] == ["b.txt", "etc/a.txt"]
    assert (len(names[2]), names[2][-4:]) == (161, ".txt")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"PK\x03\x04 nothing", "its archive is damaged"),
        (pack({}), "no text was found in it"),
        (pack({".hidden": b"x"}), "no text was found in it"),
        (pack({f"{n}.txt": b"" for n in range(MOST_DOCUMENTS + 1)}), "it holds 101 files, more than 100"),
        (pack({"a/" * DEEPEST + "b.txt": b""}), "its folders are nested more than 8 deep"),
    ],
)
def test_an_archive_is_refused_as_a_whole(data, why):
    with pytest.raises(DocumentError) as error:
        list_members(data, "x.zip")
    assert error.value.why == why


def test_a_bomb_is_refused_by_what_it_declares_and_by_what_it_unpacks_to():
    packed = pack({"a.txt": b"0" * (LARGEST + 1)}, zipfile.ZIP_DEFLATED)
    with pytest.raises(DocumentError) as error:
        take_member(packed, 0)
    assert error.value.why == f"it has {LARGEST + 1} bytes, more than {LARGEST}"
    many = pack({f"{n}.txt": b"0" * LARGEST for n in range(21)}, zipfile.ZIP_DEFLATED)
    with pytest.raises(DocumentError) as error:
        list_members(many, "x.zip")
    assert error.value.why == "it unpacks to far too much"


def test_a_locked_or_damaged_member_is_refused_alone():
    data = bytearray(pack({"a.txt": b"text", "b.txt": b"text"}))
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    assert [member.name for member in list_members(bytes(data), "x.zip")] == ["a.txt", "b.txt"]
    with pytest.raises(DocumentError) as error:
        take_member(bytes(data), 0)
    assert error.value.why == "its archive is locked with a password"
    assert take_member(bytes(data), 1) == ("b.txt", b"text")
    broken = pack({"a.txt": b"text"}).replace(b"text", b"tixt", 1)
    with pytest.raises(DocumentError) as error:
        take_member(broken, 0)
    assert error.value.why == "its archive is damaged"


def test_a_line_tells_what_was_read_or_why_not(tmp_path):
    def refuse():
        raise DocumentError("a was not read", "b", "c")

    assert line_of("a", refuse) == {"name": "a", "error": ["a was not read", "b", "c"]}
    (tmp_path / "b").mkdir()
    for name in ("b/二.txt", "一.txt", ".hidden"):
        (tmp_path / name).write_text("x")
    assert [path.name for path in list_folder(tmp_path)] == ["二.txt", "一.txt"]
