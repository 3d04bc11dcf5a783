"""Notices that somebody joined keep the number of the person: the name is taken when they are shown."""

from django.db import migrations


def forget_names(apps, schema_editor):
    """The membership that the notice is told about says who it was."""
    Notice, Membership = apps.get_model("core", "Notice"), apps.get_model("accounts", "Membership")
    rows = Notice.objects.filter(event="member.joined", once__startswith="membership:")
    people = dict(Membership.objects.values_list("pk", "person_id"))
    for row in rows.iterator():
        number = row.once.partition(":")[2]
        person = people.get(int(number)) if number.isdecimal() else None
        row.data = {"person": person} if person else {"name": ""}
        row.save(update_fields=["data"])


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0006_agencies_and_posts"),
        ("core", "0006_bigrams"),
    ]

    operations = [migrations.RunPython(forget_names, migrations.RunPython.noop, elidable=True)]
