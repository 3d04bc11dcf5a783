"""A backup comes back: on an empty machine, to the same digests, with its guards; and what is damaged is refused."""

from __future__ import annotations

import io
import json
import re
import tarfile
from hashlib import sha256
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

import factories
from chuangbao.config.services import FILES_DIR, KEY_FILES
from chuangbao.core.access.actors import SYSTEM
from chuangbao.core.audit.log import record
from chuangbao.core.audit.verify import verify
from chuangbao.core.models import StoredFile
from chuangbao.core.storage.files import keep, read
from chuangbao.core.storage.listing import list_stored
from chuangbao.ops import archive, restore
from chuangbao.ops.archive import BackupError
from chuangbao.ops.backup import add_files, write_backup
from chuangbao.ops.roles import APPLICATION, grant_application
from chuangbao.ops.schema_state import migration_names as names_of
from chuangbao.ops.schema_state import program_migrations
from chuangbao.ops.table_digests import Holding, digest_tables, list_differences, total
from pglinks import named

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
GUARDED = ("UPDATE core_history SET verb = 'x'", "DELETE FROM core_seal", "DELETE FROM core_history")


@pytest.fixture
def lived_in(regions, tests_database):
    """A database with people, organisations, history and files, one of them sealed."""
    for name in list(list_stored(storages["kept"])):  # what earlier tests left
        storages["kept"].delete(name)
    owner = factories.member()
    factories.officer("register")
    for n in range(5):
        record(SYSTEM, f"verb-{n}", kind="test.row", reason="材料\t齐全\\", data={"n": n})
    for name, sensitive in (("open.pdf", False), ("sealed.pdf", True)):
        keep(upload=SimpleUploadedFile(name, PDF), actor=owner, purpose="test", sensitive=sensitive)
    yield tests_database
    for name in list(list_stored(storages["kept"])):
        storages["kept"].delete(name)


@pytest.fixture
def written(lived_in, tmp_path):
    """A backup of it with its keys."""
    return write_backup(tmp_path / "b.tar", url=lived_in, store=storages["kept"], keys=KEY_FILES)


def put_back(path, url, folder, **options):
    """Put a backup back beside this machine."""
    known = options.pop("known", names_of(program_migrations()))
    store = options.pop("store", None) or FileSystemStorage(location=folder / "files")
    return restore.restore_backup(path, url=url, store=store, keys=folder, known=known, **options)


def test_a_backup_comes_back_on_an_empty_machine_to_equal_digests(lived_in, tmp_path, empty_database, chuangbao):
    made = chuangbao("backup", "--keys", tmp_path, database=lived_in, data=settings.DATA_DIR)
    assert made.returncode == 0, made.stderr
    assert "2 files" in made.stdout
    assert "whoever has this file can open everything" in made.stdout
    (path,) = tmp_path.glob("chuangbao-*.tar")
    assert path.stat().st_mode & 0o777 == 0o600
    back = chuangbao("restore", path, database=empty_database)
    assert back.returncode == 0, back.stderr
    assert "tables as they were, 2 files; keys: secret-key, field-keys" in back.stdout
    before = json.loads(chuangbao("digest", "--json", database=lived_in).stdout)
    after = json.loads(chuangbao("digest", "--json", database=empty_database).stdout)
    assert before == after
    assert before["tables"]["core_history"]["rows"] >= 7
    anchor = re.search(r"anchor (\S+)", back.stdout)[1]
    assert chuangbao("audit", "verify", "--anchor", anchor, database=empty_database).returncode == 0
    assert anchor == "{}:{}".format(*verify().head)
    for row in StoredFile.objects.all():
        assert (tmp_path / "machine" / "files" / row.place).read_bytes() == (FILES_DIR / row.place).read_bytes()
        assert read(row) == PDF
    assert (tmp_path / "machine" / "field-keys").read_bytes() == (settings.DATA_DIR / "field-keys").read_bytes()


def test_the_guards_of_the_record_come_back(written, tmp_path, empty_database):
    put_back(written.path, empty_database, tmp_path / "machine")
    name = urlsplit(empty_database).path.strip("/")
    with psycopg.connect(empty_database, autocommit=True) as owner:
        for statement in GUARDED:
            with pytest.raises(psycopg.Error, match="append-only"):
                owner.execute(statement)
        sealed = owner.execute("SELECT max(seq) FROM core_seal").fetchone()[0]
        owner.execute("INSERT INTO core_history (at, acting, verb, kind, region, before, after, reason, data)"
                      " VALUES (now(), 'system', 'later', 'k', '', '', '', '', '{}')")  # fmt: skip
        assert owner.execute("SELECT max(seq) FROM core_seal").fetchone()[0] == sealed + 1
    connection.settings_dict, kept = {**connection.settings_dict, "NAME": name}, connection.settings_dict
    connection.close()
    try:
        grant_application()
        assert verify().whole
    finally:
        connection.close()
        connection.settings_dict = kept
    with psycopg.connect(named(name, APPLICATION), autocommit=True) as application:
        for statement in GUARDED:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                application.execute(statement)


def test_a_backup_is_of_one_moment_while_others_write(lived_in, tmp_path, empty_database, monkeypatch):
    from chuangbao.ops import backup

    dump = backup.dump

    def meanwhile(*args, **kwargs):
        dump(*args, **kwargs)
        record(SYSTEM, "meanwhile", kind="test.row")

    monkeypatch.setattr(backup, "dump", meanwhile)
    made = write_backup(tmp_path / "b.tar", url=lived_in, store=None)
    done = put_back(made.path, empty_database, tmp_path / "machine")
    assert done.differences == []
    assert done.manifest["tables"]["core_history"]["rows"] == made.tables["core_history"].rows
    with psycopg.connect(lived_in) as now:
        assert digest_tables(now)["core_history"].rows == made.tables["core_history"].rows + 1


def test_a_full_database_is_refused_and_replaced_when_told_to(written, tmp_path, empty_database):
    folder = tmp_path / "machine"
    put_back(written.path, empty_database, folder)
    with pytest.raises(BackupError, match="the database is not empty"):
        put_back(written.path, empty_database, folder)
    with psycopg.connect(empty_database, autocommit=True) as owner:
        owner.execute("INSERT INTO core_history (at, acting, verb, kind, region, before, after, reason, data)"
                      " VALUES (now(), 'system', 'later', 'k', '', '', '', '', '{}')")  # fmt: skip
        owner.execute("CREATE TABLE later AS SELECT 1 AS n")
    assert put_back(written.path, empty_database, folder, replace=True).differences == []


def test_files_and_keys_in_the_way_are_refused_and_kept_when_replaced(written, tmp_path, empty_database):
    folder = tmp_path / "machine"
    store = FileSystemStorage(location=folder / "files")
    store.save("other.txt", ContentFile(b"other"))
    with pytest.raises(BackupError, match="the store of files is not empty"):
        put_back(written.path, empty_database, folder)
    store.delete("other.txt")
    (folder / "field-keys").write_text("k1:another")
    (folder / "secret-key").write_text("another")
    with pytest.raises(BackupError, match="another key lies at"):
        put_back(written.path, empty_database, folder)
    assert put_back(written.path, empty_database, folder, replace=True).differences == []
    assert (folder / "field-keys.before-restore").read_text() == "k1:another"
    assert (folder / "secret-key.before-restore").read_text() == "another"
    assert (folder / "field-keys").read_bytes() == (settings.DATA_DIR / "field-keys").read_bytes()
    assert put_back(written.path, empty_database, folder, replace=True).files == 2


def changed(path, target, change):
    """A copy of a backup in which each part went through ``change(name, content)``; None leaves it out."""
    with tarfile.open(path) as old, tarfile.open(target, "w") as new:
        for entry in old:
            content = change(entry.name, old.extractfile(entry).read())
            if content is not None:
                entry.size = len(content)
                new.addfile(entry, io.BytesIO(content))
    return target


def with_manifest(part, content):
    """A change to one part that the manifest agrees with."""

    def change(name, old):
        if name == part:
            return content
        if name == "manifest.json":
            manifest = json.loads(old)
            manifest["parts"][part] = {"size": len(content), "sha256": sha256(content).hexdigest()}
            return json.dumps(manifest).encode()
        return old

    return change


def manifested(**facts):
    """A change to what the manifest says."""
    return lambda name, old: json.dumps(json.loads(old) | facts).encode() if name == "manifest.json" else old


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda name, old: old[:-1] + b"!" if name == "database.dump" else old, "damaged: database.dump"),
        (lambda name, old: None if name == "database.dump" else old, "damaged: database.dump"),
        (lambda name, old: None if name == "manifest.json" else old, "no manifest"),
        (manifested(format=9), "format 9"),
        (manifested(migrations=["core.9999_later"]), "newer program"),
        (manifested(postgresql=99), "is of PostgreSQL 99"),
        (with_manifest("database.dump", b"no dump at all"), "was not put back and is as it was"),
    ],
)
def test_what_is_damaged_or_does_not_fit_is_refused_and_nothing_is_touched(
    written, tmp_path, empty_database, change, words
):
    broken = changed(written.path, tmp_path / "broken.tar", change)
    with pytest.raises(BackupError, match=words):
        put_back(broken, empty_database, tmp_path / "machine")
    with psycopg.connect(empty_database) as owner:
        assert digest_tables(owner) == {}


def test_a_dump_that_breaks_off_leaves_the_database_as_it_was(written, tmp_path, empty_database):
    folder = tmp_path / "machine"
    put_back(written.path, empty_database, folder)
    with psycopg.connect(empty_database) as owner:
        before = total(digest_tables(owner))
    with tarfile.open(written.path) as tar:
        dump = tar.extractfile("database.dump").read()
    broken = changed(written.path, tmp_path / "broken.tar", with_manifest("database.dump", dump[: len(dump) * 2 // 3]))
    with pytest.raises(BackupError, match="as it was"):
        put_back(broken, empty_database, folder, replace=True)
    with psycopg.connect(empty_database) as owner:
        assert total(digest_tables(owner)) == before


def test_a_script_that_the_database_refuses_is_taken_back(empty_database, tmp_path):
    with pytest.raises(BackupError, match="as it was"):
        restore.carry_script(["sh", "-c", "echo 'CREATE TABLE one (n int); SELECT nonsense;'; yes '-- more' | head -c 1000000"],
                        psql(), first="", env=restore.environment(empty_database))  # fmt: skip
    with psycopg.connect(empty_database) as owner:
        assert digest_tables(owner) == {}


def psql():
    return [restore.find_program("psql", server=1), "-X", "-q", "-1", "-v", "ON_ERROR_STOP=1"]


def test_a_backup_that_is_no_backup_is_told_in_a_sentence(tmp_path, chuangbao, empty_database):
    (tmp_path / "text.tar").write_text("text")
    done = chuangbao("restore", tmp_path / "text.tar", database=empty_database)
    assert (done.returncode, done.stderr.startswith("✗ ")) == (1, True)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["/etc/passwd", "../up", "files/../../up"])
def test_names_that_lead_out_of_a_backup_are_refused(tmp_path, name):
    with tarfile.open(tmp_path / "b.tar", "w") as tar:
        tar.addfile(tarfile.TarInfo(name))
    with pytest.raises(BackupError, match="leads out"), archive.open_archive(tmp_path / "b.tar"):
        pass


def test_links_in_a_backup_are_refused(tmp_path):
    entry = tarfile.TarInfo("files/link")
    entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
    with tarfile.open(tmp_path / "b.tar", "w") as tar:
        tar.addfile(entry)
    with pytest.raises(BackupError, match="leads out"), archive.open_archive(tmp_path / "b.tar"):
        pass


def test_a_backup_that_fails_leaves_no_file(tmp_path):
    def failing():
        with archive.write_archive(tmp_path / "b.tar") as writer:
            writer.add("one", io.BytesIO(b"1"), 1)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        failing()
    assert list(tmp_path.iterdir()) == []


def test_keys_and_files_are_left_out_where_they_are_not_asked_for(lived_in, tmp_path, empty_database, chuangbao):
    made = chuangbao("backup", "--no-files", tmp_path / "b.tar", database=lived_in, data=settings.DATA_DIR)
    assert "The encryption keys are not in it" in made.stdout
    assert "0 files" in made.stdout
    whole = chuangbao("restore", "--check", tmp_path / "b.tar", database=empty_database)
    assert (whole.returncode, "is whole" in whole.stdout) == (0, True)
    back = chuangbao("restore", tmp_path / "b.tar", database=empty_database)
    assert "keys: none in it" in back.stdout
    assert chuangbao("digest", database=empty_database).stdout.count("core_history") == 1


def test_a_manifest_that_does_not_agree_with_the_rows_is_told(written, tmp_path, empty_database, chuangbao):
    tables = json.loads(
        json.dumps({name: {"rows": held.rows, "digest": held.digest} for name, held in written.tables.items()})
    )
    tables["core_region"]["rows"] += 1
    other = changed(written.path, tmp_path / "other.tar", manifested(tables=tables))
    done = chuangbao("restore", other, database=empty_database)
    assert done.returncode == 1
    assert "✗ core_region: " in done.stderr


def test_a_file_that_goes_while_it_is_read_is_left_out(tmp_path):
    class Forgetful(FileSystemStorage):
        def size(self, _name):
            raise FileNotFoundError

    store = Forgetful(location=tmp_path)
    store.save("a/b.txt", ContentFile(b"1"))
    assert list(list_stored(store)) == ["a/b.txt"]
    assert list(add_files(None, store)) == []
    assert list(list_stored(FileSystemStorage(location=tmp_path / "nowhere"))) == []


def test_a_store_that_gives_another_name_is_refused(written, tmp_path, empty_database):
    class Renaming(FileSystemStorage):
        def get_available_name(self, name, **_):
            return f"{name}-other"

    with pytest.raises(BackupError, match="under its own name"):
        put_back(written.path, empty_database, tmp_path, store=Renaming(location=tmp_path / "files"))


def test_digests_do_not_depend_on_where_rows_lie(empty_database):
    with psycopg.connect(empty_database) as owner:
        owner.execute("CREATE TABLE one AS SELECT n, 'text ' || n AS t FROM generate_series(1, 50) n")
        owner.execute("CREATE TABLE two AS SELECT * FROM one ORDER BY n DESC")
        held = digest_tables(owner)
        assert held["one"] == held["two"]
        owner.execute("UPDATE two SET t = 'text' WHERE n = 7")
        changed_one = digest_tables(owner)
    assert changed_one["two"] != held["two"]
    assert changed_one["two"].rows == 50
    assert total(held) != total(changed_one)
    (told,) = list_differences(held, {"one": held["one"]})
    assert told.endswith("→ no table")
    assert list_differences({"a": Holding(1, "aa")}, {"a": Holding(2, "bb")}) == ["a: 1 rows, aa… → 2 rows, bb…"]
