"""Where a backup is written: a folder that is made, or a file that says so by its name."""

from __future__ import annotations

import pytest

from chuangbao.ops.archive import BackupError
from chuangbao.ops.backup import name_backup, write_backup


@pytest.fixture
def url(transactional_db):
    """The database of the test."""
    from django.db import connection

    from pglinks import named

    return named(connection.settings_dict["NAME"])


def test_a_folder_that_is_missing_is_made_and_each_backup_has_a_name_of_its_own(url, tmp_path):
    made = write_backup(tmp_path / "backups" / "nightly", url=url, store=None)
    assert made.path.parent == tmp_path / "backups" / "nightly"
    assert made.path.name.startswith("chuangbao-2")
    assert write_backup(tmp_path / "one.tar", url=url, store=None).path == tmp_path / "one.tar"
    (tmp_path / "folder.tar").mkdir()
    assert write_backup(tmp_path / "folder.tar", url=url, store=None).path.parent == tmp_path / "folder.tar"


def test_a_file_of_another_name_is_never_written_over(tmp_path):
    (tmp_path / "nightly").write_text("mine")
    with pytest.raises(BackupError, match="is a file and no folder"):
        name_backup(tmp_path / "nightly")
