"""Old binary files (.doc, .wps): converted where an office program is installed, else refused with the remedy."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from chuangbao.gongwen.errors import DocumentError

__all__ = ["convert_to_docx"]

_PROGRAMS: Final = ("soffice", "libreoffice")
_SECONDS: Final = 60


def convert_to_docx(data: bytes, name: str) -> bytes:
    """Return a .doc or .wps file as .docx, by an office program without a window.

    Raises:
        DocumentError: no such program is installed, or it could not read the file.

    """
    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if program is None:
        raise DocumentError(
            f"{name} was not read",
            "it is an old .doc, .wps or a locked Word file",
            "Save it without a password as .docx",
        )
    with tempfile.TemporaryDirectory() as folder:
        old = Path(folder) / "old.doc"
        old.write_bytes(data)
        _run(program, old)
        made = old.with_suffix(".docx")
        if made.is_file():
            return made.read_bytes()
    raise DocumentError(
        f"{name} was not read", "it could not be converted from its old form", "Save it without a password as .docx"
    )


def _run(program: str, old: Path) -> None:
    """Run the conversion with a profile of its own; what it makes, or fails to make, is looked at afterwards."""
    profile = f"-env:UserInstallation=file://{old.parent}/profile"
    options = ["--headless", "--norestore", "--convert-to", "docx", "--outdir", str(old.parent), str(old)]
    try:
        subprocess.run([program, profile, *options], capture_output=True, timeout=_SECONDS, check=False)
    except (subprocess.TimeoutExpired, OSError):
        return
