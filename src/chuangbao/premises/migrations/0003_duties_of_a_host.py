"""Each letter has a file of its firm; mail and tries to reach it are kept there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import chuangbao.core.storage.encryption
import django.db.models.deletion
from django.db import migrations, models

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.state import StateApps


def open_files(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Open a file for each letter that no other has replaced."""
    letters = apps.get_model("premises", "ConsentLetter")._base_manager
    files = apps.get_model("premises", "HostFile")._base_manager
    rows = letters.filter(replaced_by__isnull=True).order_by("pk")
    files.bulk_create([files.model(letter_id=pk) for pk in rows.values_list("pk", flat=True)], batch_size=1000)


class Migration(migrations.Migration):
    """Three tables, and a row for what is there."""

    dependencies = [
        ('premises', '0002_letters_keep_what_they_say'),
    ]

    operations = [
        migrations.CreateModel(
            name='HostFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('contact', chuangbao.core.storage.encryption.EncryptedTextField(editable=True, null=True)),
                ('phone', chuangbao.core.storage.encryption.EncryptedTextField(editable=True, null=True)),
                ('contact_on', models.DateField(null=True, verbose_name='Contact confirmed on')),
                ('reach', models.CharField(choices=[('reachable', 'Reachable'), ('lost', 'Cannot be reached')], default='reachable', max_length=10)),
                ('lost_on', models.DateField(null=True, verbose_name='Stated as lost on')),
                ('lost_note', models.CharField(blank=True, max_length=300, verbose_name='What the office should know')),
                ('office_on', models.DateField(null=True, verbose_name='Answered by the office on')),
                ('office_note', models.CharField(blank=True, max_length=300, verbose_name='What the office did')),
                ('letter', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='file', to='premises.consentletter')),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='ContactTry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tried_on', models.DateField(verbose_name='Tried on')),
                ('means', models.CharField(choices=[('phone', 'Telephone'), ('visit', 'Visit to the room or desk'), ('message', 'SMS or chat'), ('mail', 'E-mail'), ('post', 'Registered letter')], max_length=10, verbose_name='Means')),
                ('is_reached', models.BooleanField(default=False, verbose_name='The firm answered')),
                ('try_note', models.CharField(blank=True, max_length=200, verbose_name='What came of it')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tries', to='premises.hostfile')),
            ],
            options={
                'ordering': ['-tried_on', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='MailItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mail_kind', models.CharField(choices=[('ordinary', 'Ordinary mail'), ('official', 'Document of an office or a court')], max_length=10, verbose_name='Kind of mail')),
                ('received_on', models.DateField(verbose_name='Received on')),
                ('sender', models.CharField(max_length=120, verbose_name='Sender')),
                ('stage', models.CharField(choices=[('waiting', 'Waiting to be fetched'), ('handed', 'Handed over'), ('returned', 'Sent back')], default='waiting', max_length=10)),
                ('left_on', models.DateField(null=True, verbose_name='Handed over or sent back on')),
                ('handed_to', chuangbao.core.storage.encryption.EncryptedTextField(editable=True, null=True)),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mail', to='premises.hostfile')),
            ],
            options={
                'ordering': ['-received_on', '-pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='hostfile',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('contact__isnull', True), ('phone__isnull', True)), models.Q(('contact__isnull', False), ('contact_on__isnull', False), ('phone__isnull', False)), _connector='OR'), name='file_contact_is_whole'),
        ),
        migrations.AddConstraint(
            model_name='hostfile',
            constraint=models.CheckConstraint(condition=models.Q(('reach', 'reachable'), ('lost_on__isnull', False), _connector='OR'), name='file_lost_on_a_day'),
        ),
        migrations.AddIndex(
            model_name='mailitem',
            index=models.Index(fields=['stage', 'received_on'], name='mail_waiting'),
        ),
        migrations.AddConstraint(
            model_name='mailitem',
            constraint=models.CheckConstraint(condition=models.Q(('stage', 'waiting'), ('left_on__gte', models.F('received_on')), _connector='OR'), name='mail_leaves_after_it_came'),
        ),
        migrations.AddConstraint(
            model_name='mailitem',
            constraint=models.CheckConstraint(condition=models.Q(('sender', ''), _negated=True), name='mail_names_a_sender'),
        ),
        migrations.RunPython(open_files, migrations.RunPython.noop),
    ]
