"""Keep the hash of an invitation's address, and bind the secrets of second factors to the person they belong to."""

from base64 import b64decode, b64encode

from django.db import migrations, models

from chuangbao.core.access.tokens import hash_tokens_of

SEALED, CONTEXT = "sealed:", "mfa.authenticator"


def reseal(text, before, after):
    from chuangbao.core.storage.encryption import SealedError, decrypt_bytes, encrypt_bytes

    try:
        clear = decrypt_bytes(b64decode(text.removeprefix(SEALED)), context=before)
    except SealedError:
        return text  # no key opens it: it was lost before
    return SEALED + b64encode(encrypt_bytes(clear, context=after)).decode()


def rewrite(apps, *, bind):
    """Seal every secret again, bound to its person or, the other way, to the table alone."""
    for row in apps.get_model("mfa", "Authenticator").objects.exclude(type="webauthn").iterator():
        bound = f"{CONTEXT}:{row.user_id}"
        before, after = (CONTEXT, bound) if bind else (bound, CONTEXT)
        for name in ("secret", "seed"):
            if name in row.data:
                row.data[name] = reseal(row.data[name], before, after)
        if "migrated_codes" in row.data:
            row.data["migrated_codes"] = [reseal(code, before, after) for code in row.data["migrated_codes"]]
        row.save(update_fields=["data"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_consents"), ("mfa", "0003_authenticator_type_uniq")]
    operations = [
        migrations.RenameField("invitation", "token", "token_hash"),
        migrations.AlterField(
            "invitation", "token_hash", models.CharField(editable=False, max_length=64, unique=True)
        ),
        migrations.RunPython(hash_tokens_of("accounts_invitation")),
        migrations.RunPython(
            lambda apps, _editor: rewrite(apps, bind=True), lambda apps, _editor: rewrite(apps, bind=False)
        ),
    ]
