"""Seal the secrets of second factors that were kept in clear (``accounts.mfa``); the schema stays as it is."""

from base64 import b64decode, b64encode

from django.db import migrations

SEALED, CONTEXT = "sealed:", "mfa.authenticator"


def sealed_text(text):
    from chuangbao.core.storage.encryption import encrypt_bytes

    return text if text.startswith(SEALED) else SEALED + b64encode(encrypt_bytes(text.encode(), context=CONTEXT)).decode()


def opened_text(text):
    from chuangbao.core.storage.encryption import decrypt_bytes

    return decrypt_bytes(b64decode(text.removeprefix(SEALED)), context=CONTEXT).decode()


def rewrite(apps, change):
    """Change every secret: of applications, of recovery codes, and of those that came from elsewhere."""
    for row in apps.get_model("mfa", "Authenticator").objects.exclude(type="webauthn").iterator():
        for name in ("secret", "seed"):
            if name in row.data:
                row.data[name] = change(row.data[name])
        if "migrated_codes" in row.data:
            row.data["migrated_codes"] = [change(code) for code in row.data["migrated_codes"]]
        row.save(update_fields=["data"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_names_by_parts"), ("mfa", "0003_authenticator_type_uniq")]
    operations = [
        migrations.RunPython(lambda apps, _editor: rewrite(apps, sealed_text), lambda apps, _e: rewrite(apps, opened_text))
    ]
