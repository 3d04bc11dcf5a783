from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tenants', '0005_kinds_of_rights_and_rounds'),
    ]

    operations = [
        migrations.AlterField(
            model_name='handover',
            name='item',
            field=models.CharField(choices=[('keys', 'Keys and cards given back'), ('desk', 'Desks and rooms cleared'), ('fees', 'Fees settled'), ('deposit', 'Deposit given back'), ('address', 'Registered address moved'), ('bookings', 'Bookings to come called off'), ('data', 'Own data taken along')], max_length=10),
        ),
    ]
