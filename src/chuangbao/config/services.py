"""Where files and mail go, and which sign-on is trusted: the settings for one address each."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from chuangbao.config.paths import DATA_DIR

__all__ = ["FILES_DIR", "KEY_FILES", "MAIL_DIR", "SMS_DIR", "mail", "sign_on", "sms_transport", "stores"]

FILES_DIR, MAIL_DIR, SMS_DIR = DATA_DIR / "files", DATA_DIR / "mail", DATA_DIR / "sms"
KEY_FILES = (DATA_DIR / "secret-key", DATA_DIR / "field-keys")
SUBMISSION, TLS = 587, 465
PATIENCE = 10


def stores(address: str) -> dict[str, dict[str, Any]]:
    """Django's STORAGES: uploads lie in the data folder, outside everything the web server shows, or in a bucket.

    ``kept`` is the name by which core.storage.files asks for them; nothing in them has an address of its own.
    """
    kept = bucket(address) if address else folder()
    return {
        "default": kept,
        "kept": kept,
        "staticfiles": {"BACKEND": "chuangbao.ui.static_versions.VersionedStaticFilesStorage"},
    }


def folder() -> dict[str, Any]:
    """Files of the disk that only the program's own user reads."""
    options = {
        "location": str(FILES_DIR),
        "file_permissions_mode": 0o600,
        "directory_permissions_mode": 0o700,
    }
    return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}


def bucket(address: str) -> dict[str, Any]:
    """A bucket: ``s3://key:secret@bucket/folder?endpoint=…&region=…``; without a key the machine's own is taken."""
    parts = urlsplit(address)
    asked = dict(parse_qsl(parts.query))
    options: dict[str, Any] = {
        "bucket_name": (parts.hostname or ""),
        "location": parts.path.strip("/"),
        "access_key": unquote(parts.username or "") or None,
        "secret_key": unquote(parts.password or "") or None,
        "endpoint_url": asked.get("endpoint"),
        "region_name": asked.get("region"),
        "addressing_style": "path" if "endpoint" in asked else None,
        "signature_version": "s3v4",
        "default_acl": "private",
        "querystring_auth": True,
        "file_overwrite": False,
    }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": {k: v for k, v in options.items() if v is not None}}


def mail(address: str) -> dict[str, Any]:
    """Django's settings of mail; without an address every message becomes a file in the data folder."""
    if not address:
        return {"MAIL_TRANSPORT": "django.core.mail.backends.filebased.EmailBackend"}
    parts = urlsplit(address)
    port = parts.port or (TLS if parts.scheme == "smtps" else SUBMISSION)
    return {
        "MAIL_TRANSPORT": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "",
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp" and port == SUBMISSION,
        "EMAIL_TIMEOUT": PATIENCE,
    }


def sms_transport(address: str) -> str:
    """Return which class sends SMS; without an address of a gateway every message becomes a file in the data folder."""
    return f"chuangbao.core.messaging.sms_transports.{'HttpTransport' if address else 'FileTransport'}"


def sign_on(address: str) -> dict[str, Any]:
    """Allauth's providers for a sign-on of OpenID Connect (统一身份认证).

    ``https://client:secret@sso.example.org/realm?name=省统一身份认证``; its name is on the button.
    """
    if not address:
        return {}
    parts = urlsplit(address)
    asked = dict(parse_qsl(parts.query))
    app = {
        "provider_id": "sso",
        "name": asked.get("name", parts.hostname),
        "client_id": unquote(parts.username or ""),
        "secret": unquote(parts.password or ""),
        "settings": {"server_url": f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"},
    }
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
