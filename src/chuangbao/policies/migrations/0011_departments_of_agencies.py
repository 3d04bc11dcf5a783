"""What officers wrote belongs to the department of their agency, no longer to the section that their post named."""

from django.db import migrations

GUARDED = {
    "policies_registereddocument": "published_document_stays",
    "policies_interpretation": "published_interpretation_stays",
}
UNGUARD = "".join(f"ALTER TABLE {table} DISABLE TRIGGER {trigger};\n" for table, trigger in GUARDED.items())
GUARD = "SET CONSTRAINTS ALL IMMEDIATE;\n" + UNGUARD.replace("DISABLE", "ENABLE")


def sections(apps):
    """Each person's sections with the code of their agency: (person, section) → code."""
    posts = apps.get_model("accounts", "Post").objects.exclude(agency__department="").order_by("pk")
    return {(p.person_id, p.department): p.agency.department for p in posts.select_related("agency")}


def move_rows(apps, schema_editor):
    """Give each text of an officer, and the measure it belongs to, the code of the agency."""
    codes = sections(apps)
    for name in ("RegisteredDocument", "Interpretation", "Simulation"):
        for row in apps.get_model("policies", name).objects.all():
            move(row, codes.get((row.author_id, row.department)))
    versions = apps.get_model("policies", "MeasureVersion").objects.exclude(author=None).select_related("measure")
    for row in versions.order_by("pk"):
        code, section = codes.get((row.author_id, row.department)), row.department
        if code and row.measure.department == section:
            row.measure.versions.filter(author=None, department=section).update(department=code)
            move(row.measure, code)
        move(row, code)


def move(row, code):
    """Keep the code where there is one."""
    if code and row.department != code:
        row.department = code
        row.save(update_fields=["department"])


class Migration(migrations.Migration):
    dependencies = [("policies", "0010_corrections"), ("accounts", "0006_agencies_and_posts")]
    operations = [
        migrations.RunSQL(UNGUARD, migrations.RunSQL.noop),
        migrations.RunPython(move_rows, migrations.RunPython.noop),
        migrations.RunSQL(GUARD, migrations.RunSQL.noop),
    ]
