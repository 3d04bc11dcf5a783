"""Who applies for a letter, sealed, with a key to count by."""

from __future__ import annotations

import chuangbao.core.storage.encryption
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Two columns and an index."""

    dependencies = [
        ('accounts', '0011_directory_of_offices'),
        ('premises', '0003_duties_of_a_host'),
        ('spaces', '0002_site_has_a_venue'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='consentletter',
            name='applicant',
            field=chuangbao.core.storage.encryption.EncryptedTextField(editable=True, null=True),
        ),
        migrations.AddField(
            model_name='consentletter',
            name='applicant_key',
            field=models.CharField(blank=True, default='', max_length=64),
        ),
        migrations.AlterField(
            model_name='contacttry',
            name='means',
            field=models.CharField(choices=[('phone', 'Telephone'), ('visit', 'Visit to the room or desk'), ('message', 'SMS or chat'), ('mail', 'E-mail'), ('post', 'Registered letter')], max_length=10, verbose_name='By which means'),
        ),
        migrations.AddIndex(
            model_name='consentletter',
            index=models.Index(fields=['applicant_key', 'issued_on'], name='letter_applicant'),
        ),
    ]
