"""Rights to revise follow the agency's department, by its code; a post that reaches a province is confirmed."""

import re

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

NAMES = {
    "tax": ("税务",), "finance": ("财政",), "science": ("科学技术", "科技"),
    "labour": ("人力资源和社会保障", "人力资源社会保障", "人社"), "education": ("教育",),
    "industry": ("工业和信息化", "工信"), "bank": ("人民银行",), "market": ("市场监督管理", "市场监管"),
    "general_office": ("人民政府办公厅", "人民政府办公室", "政府办公厅", "政府办公室", "政府办"),
}  # fmt: skip
END = r"(?:部门|委员会|局|厅|委|办)?$"


def department_of(name):
    """The code that a name of an agency or of a section ends in; empty where it says none."""
    name = re.sub(r"[\s（(].*$", "", name.strip())
    found = [(len(word), code) for code, words in NAMES.items() for word in words if re.search(word + END, name)]
    return max(found)[1] if found else ""


def name_departments(apps, schema_editor):
    """Read each agency's department out of its own name, else out of the sections that its posts name."""
    agencies = apps.get_model("accounts", "Organisation").objects.filter(kind="agency", department="")
    posts = apps.get_model("accounts", "Post").objects
    for agency in agencies:
        sections = posts.filter(agency=agency).values_list("department", flat=True)
        codes = {code for code in map(department_of, sections) if code}
        agency.department = department_of(agency.name) or (codes.pop() if len(codes) == 1 else "")
        if agency.department:
            agency.save(update_fields=["department"])


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_seal_second_factors"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AlterField(
            "organisation", "department",
            models.CharField(
                blank=True, help_text="of an agency: its code in the pack's list of departments", max_length=80,
                verbose_name="Department",
            ),
        ),
        migrations.AddField("post", "confirmed_at", models.DateTimeField(default=django.utils.timezone.now, null=True)),
        migrations.AddField(
            "post", "confirmed_by",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            "post",
            models.CheckConstraint(
                condition=models.Q(
                    ("confirmed_by__isnull", True),
                    models.Q(
                        models.Q(("confirmed_by", models.F("appointed_by")), _negated=True),
                        models.Q(("confirmed_by", models.F("person")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="post_confirmed_by_another",
            ),
        ),
        migrations.RunPython(name_departments, migrations.RunPython.noop),
    ]  # fmt: skip
