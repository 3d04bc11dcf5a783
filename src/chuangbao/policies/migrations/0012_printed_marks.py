"""Clauses keep the mark that is printed; those that were read before get it from the text of their document."""

from django.db import migrations, models

UNGUARD = "ALTER TABLE policies_registeredclause DISABLE TRIGGER published_clause_stays;\n"
GUARD = "SET CONSTRAINTS ALL IMMEDIATE;\n" + UNGUARD.replace("DISABLE", "ENABLE")


def read_marks(apps, schema_editor):
    """Parse each document once more; a clause that an officer has added or moved stays without."""
    from chuangbao.gongwen import parse_text  # late: only where there is a document
    from chuangbao.core.engine.citations import marks_of

    for document in apps.get_model("policies", "RegisteredDocument").objects.all():
        try:
            marks = dict(marks_of(parse_text(document.text).to_dict()["sections"]))  # type: ignore[arg-type] # plain JSON
        except Exception:  # noqa: BLE001, S112 - what cannot be read any more keeps its words without a mark
            continue
        for clause in document.clauses.filter(mark=""):
            clause.mark = marks.get(clause.number, "")[:40]
            if clause.mark:
                clause.save(update_fields=["mark"])


class Migration(migrations.Migration):
    dependencies = [("policies", "0011_departments_of_agencies")]
    operations = [
        migrations.AlterField(
            "registeredclause", "number",
            models.CharField(help_text="its path of positions: an id, shown nowhere", max_length=20),
        ),
        migrations.AddField(
            "registeredclause", "mark",
            models.CharField(blank=True, default="", max_length=40, verbose_name="Printed mark"),
            preserve_default=False,
        ),
        migrations.RunSQL(UNGUARD, migrations.RunSQL.noop),
        migrations.RunPython(read_marks, migrations.RunPython.noop),
        migrations.RunSQL(GUARD, migrations.RunSQL.noop),
    ]  # fmt: skip
