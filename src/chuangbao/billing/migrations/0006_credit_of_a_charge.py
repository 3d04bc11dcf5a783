import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q



class Migration(migrations.Migration):
    dependencies = [("billing", "0005_material_taken")]

    operations = [
        migrations.RemoveConstraint(model_name="charge", name="charge_or_reversal"),
        migrations.RemoveConstraint(model_name="charge", name="take_charged_once"),
        migrations.AddField(
            model_name="charge",
            name="credits",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="credited_by",
                to="billing.charge",
            ),
        ),
        migrations.AddConstraint(
            model_name="charge",
            constraint=models.UniqueConstraint(
                condition=Q(reverses__isnull=True, credits__isnull=True),
                fields=["take", "run"],
                name="take_charged_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="charge",
            constraint=models.CheckConstraint(
                condition=Q(reverses__isnull=True, credits=None, gross__gte=0, waived__gte=0, amount__gte=0)
                | Q(reverses__isnull=False, credits=None, gross__lte=0, waived__lte=0, amount__lte=0)
                | Q(reverses__isnull=True, credits__isnull=False, take__isnull=False, amount__lt=0, waived=0)
                | Q(reverses__isnull=False, credits__isnull=False, amount__gt=0, waived=0),
                name="charge_or_reversal",
            ),
        ),
    ]
