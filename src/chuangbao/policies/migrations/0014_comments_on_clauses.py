"""Comments on documents and their clauses, answers to comments, and who settled them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

PROTECT = django.db.models.deletion.PROTECT
PERSON = settings.AUTH_USER_MODEL


def link(to, name="+", on_delete=PROTECT):
    return models.ForeignKey(null=True, on_delete=on_delete, related_name=name, to=to)


class Migration(migrations.Migration):
    dependencies = [
        ("policies", "0013_original_files"),
        migrations.swappable_dependency(PERSON),
    ]
    operations = [
        migrations.AlterField("reviewcomment", "version", link("policies.measureversion", "comments")),
        migrations.AddField("reviewcomment", "document", link("policies.registereddocument", "comments")),
        migrations.AddField(
            "reviewcomment", "clause",
            link("policies.registeredclause", "comments", django.db.models.deletion.SET_NULL),
        ),
        migrations.AddField("reviewcomment", "place", models.CharField(
            blank=True, help_text="how the clause was cited when it was written", max_length=120,
        )),
        migrations.AddField("reviewcomment", "answers", link("policies.reviewcomment", "replies")),
        migrations.AddField("reviewcomment", "settled_by", link(PERSON)),
        migrations.AddField("reviewcomment", "settled_at", models.DateTimeField(null=True)),
        migrations.AddConstraint("reviewcomment", models.CheckConstraint(
            name="comment_on_one_text", condition=Q(version__isnull=True) ^ Q(document__isnull=True),
        )),
        migrations.AddConstraint("reviewcomment", models.CheckConstraint(
            name="comment_settled_by_somebody", condition=Q(settled_by__isnull=True) ^ Q(settled_at__isnull=False),
        )),
    ]
