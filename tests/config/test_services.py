"""Files on disk or in a bucket, mail as files or by SMTP: one address each."""

from __future__ import annotations

import stat

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.mail import send_mail
from django.test import override_settings

from chuangbao.config.services import FILES_DIR, mail, stores


def kept(address=""):
    """The store of an address."""
    return override_settings(STORAGES=stores(address))


def test_files_lie_in_the_data_folder_and_nobody_else_reads_them():
    with kept():
        name = storages["kept"].save("a/b.txt", ContentFile(b"text"))
        path = FILES_DIR / name
        assert path.read_bytes() == b"text"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        storages["kept"].delete(name)


@pytest.mark.filterwarnings("ignore")
def test_a_bucket_keeps_the_same_files(monkeypatch):
    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        endpoint = f"http://{host}:{port}"
        boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="key",
                     aws_secret_access_key="secret").create_bucket(Bucket="uploads")  # fmt: skip
        with kept(f"s3://key:secret@uploads/jilin?endpoint={endpoint}&region=us-east-1"):
            store = storages["kept"]
            first, second = store.save("one.txt", ContentFile(b"1")), store.save("one.txt", ContentFile(b"2"))
            assert first != second
            assert (store.open(first).read(), store.open(second).read()) == (b"1", b"2")
            assert store.exists(first)
            assert store.location == "jilin"
            assert "Signature" in store.url(first)
            store.delete(first)
            assert not store.exists(first)
    finally:
        server.stop()


def test_a_bucket_without_a_key_takes_the_machines_own():
    options = stores("s3://uploads")["kept"]["OPTIONS"]
    assert options["bucket_name"] == "uploads"
    assert not {"access_key", "secret_key", "endpoint_url", "addressing_style"} & set(options)


@pytest.mark.parametrize(
    ("address", "port", "ssl", "tls"),
    [
        ("smtp://user:p%40ss@mail.example.org", 587, False, True),
        ("smtp://mail.example.org:25", 25, False, False),
        ("smtps://user:p%40ss@mail.example.org", 465, True, False),
    ],
)
def test_mail_goes_by_its_address(address, port, ssl, tls):
    settings = mail(address)
    assert settings["EMAIL_HOST"] == "mail.example.org"
    assert (settings["EMAIL_PORT"], settings["EMAIL_USE_SSL"], settings["EMAIL_USE_TLS"]) == (port, ssl, tls)
    assert settings["EMAIL_HOST_PASSWORD"] == ("p@ss" if "@mail" in address else "")


def test_mail_without_an_address_becomes_a_file(tmp_path):
    way = mail("")
    with override_settings(EMAIL_BACKEND=way["MAIL_TRANSPORT"], EMAIL_FILE_PATH=str(tmp_path)):
        send_mail("题", "文", "a@example.org", ["b@example.org"])
    assert len(list(tmp_path.iterdir())) == 1
