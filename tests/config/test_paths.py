"""The data folder: for its own user alone, whatever an earlier release or the machine's umask has left open."""

from __future__ import annotations

import os

import pytest

from chuangbao.config import paths


@pytest.fixture
def place(tmp_path):
    """A data folder as an earlier release left it."""
    umask = os.umask(0o022)
    for name in ("mail/1.log", "postgres/log", "postgres/cluster/base", "registers/税务/a.csv", "files/ab/cd",
                 "registers/税务/done/b.csv", "cache/x/y", "field-keys"):  # fmt: skip
        file = tmp_path / "var" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x")
    (tmp_path / "elsewhere").write_text("x")
    (tmp_path / "var" / "mail" / "link").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "var" / "mail" / "folder").symlink_to(tmp_path, target_is_directory=True)
    os.umask(umask)
    return tmp_path / "var"


def test_what_lies_open_is_closed_once(place):
    assert paths.close_data_folder(place) > 0
    assert paths.close_data_folder(place) == 0
    for name in (
        "mail",
        "mail/1.log",
        "postgres/log",
        "registers/税务/done/b.csv",
        "cache/x",
        "cache/x/y",
        "field-keys",
    ):
        assert not (place / name).stat().st_mode & paths.OTHERS, name
    for name in ("registers/税务", "registers/税务/a.csv", "../elsewhere"):
        assert (place / name).stat().st_mode & 0o044, name


@pytest.mark.parametrize(("user", "mode"), [(0, 0o711), (1000, 0o700)])
def test_the_folder_itself_is_walked_through_by_the_database_of_root_alone(monkeypatch, tmp_path, user, mode):
    monkeypatch.setattr(paths, "DATA_DIR", tmp_path / "made")
    monkeypatch.setattr(paths.os, "geteuid", lambda: user)
    for _ in range(2):
        paths.make_data_folder()
        assert (tmp_path / "made").stat().st_mode & 0o777 == mode
