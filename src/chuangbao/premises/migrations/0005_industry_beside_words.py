"""A letter keeps an industry beside its words."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column."""

    dependencies = [
        ('premises', '0004_who_applies'),
    ]

    operations = [
        migrations.AddField(
            model_name='consentletter',
            name='industry_code',
            field=models.CharField(blank=True, default='', max_length=4, verbose_name='Industry beside the words'),
        ),
    ]
