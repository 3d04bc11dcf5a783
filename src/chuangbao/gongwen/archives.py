"""Archives of documents (压缩包): never unpacked to the disk, listed within bounds, taken out one at a time."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath
from typing import Any, Final

from chuangbao.gongwen.batch import MOST_DOCUMENTS, is_hidden
from chuangbao.gongwen.errors import DocumentError
from chuangbao.gongwen.readers.package import FAULTS, BrokenPackageError, parts_of

__all__ = ["DEEPEST", "LARGEST", "Member", "list_members", "take_member"]

LARGEST: Final = 10 * 1024 * 1024
MOST_UNPACKED: Final = 200 * 1024 * 1024
DEEPEST: Final = 8
LONGEST_NAME: Final = 160
_UTF8_NAME: Final = 0x800
_LOCKED: Final = 0x1
_FORBIDDEN: Final = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Member:
    """A document in an archive: its place there, its name for people, and its size in bytes."""

    index: int
    name: str
    size: int

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return asdict(self)


def list_members(data: bytes, name: str) -> list[Member]:
    """Return the documents in an archive in the order of their names; folders and hidden files are passed over.

    Raises:
        DocumentError: it is damaged, empty, or holds too many files, too much, or too many folders in each other.

    """
    try:
        parts = parts_of(data)
    except BrokenPackageError as error:
        raise _refusal(name, "its archive is damaged", "Pack it again") from error
    found = [Member(i, _name_of(part), part.file_size) for i, part in enumerate(parts) if not part.is_dir()]
    members = [member for member in found if not is_hidden(PurePosixPath(member.name).parts)]
    if not members:
        raise _refusal(name, "no text was found in it", "Choose the file with the document's text")
    if len(members) > MOST_DOCUMENTS:
        raise _refusal(name, f"it holds {len(members)} files, more than {MOST_DOCUMENTS}", "Divide it")
    if sum(member.size for member in members) > MOST_UNPACKED:
        raise _refusal(name, "it unpacks to far too much", "Divide it")
    if any(len(PurePosixPath(member.name).parts) > DEEPEST for member in members):
        raise _refusal(name, f"its folders are nested more than {DEEPEST} deep", "Put the files side by side")
    return sorted(members, key=lambda member: (member.name, member.index))


def take_member(data: bytes, index: int) -> tuple[str, bytes]:
    """Return the name of a member of an archive and its content, of which no more is unpacked than may be.

    Raises:
        DocumentError: it is damaged, locked or too large, whatever size the archive declares.

    """
    part = parts_of(data)[index]
    name = _name_of(part)
    if part.flag_bits & _LOCKED:
        raise _refusal(name, "its archive is locked with a password", "Pack it again without a password")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package, package.open(part) as file:
            content = file.read(LARGEST + 1)
    except FAULTS as error:
        raise _refusal(name, "its archive is damaged", "Pack it again") from error
    if len(content) > LARGEST:
        raise _refusal(name, f"it has {part.file_size} bytes, more than {LARGEST}", "Split it or save the text alone")
    return name, content


def _refusal(name: str, why: str, remedy: str) -> DocumentError:
    """Return why a file or an archive is not read."""
    return DocumentError(f"{name} was not read", why, remedy)


def _name_of(part: zipfile.ZipInfo) -> str:
    """Return the path of a member for people; archives of Chinese Windows write it in GB18030 and do not say so."""
    name = part.filename
    if not part.flag_bits & _UTF8_NAME:
        try:
            name = name.encode("cp437").decode("gb18030")
        except UnicodeError:
            name = part.filename
    name = _FORBIDDEN.sub("", unicodedata.normalize("NFC", name.replace("\\", "/")))
    steps = [step for step in name.split("/") if step not in {"", ".", ".."}]
    plain = "/".join(steps) or "file"
    return plain if len(plain) <= LONGEST_NAME else f"…{plain[-LONGEST_NAME:]}"
