"""The first tables of tenants."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0011_directory_of_offices'),
        ('spaces', '0002_site_has_a_venue'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Cohort',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='Name of the cohort')),
                ('starts_on', models.DateField(blank=True, null=True, verbose_name='Begins on')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='Ends on')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('space', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cohorts', to='spaces.space')),
            ],
            options={
                'ordering': ['space', models.OrderBy(models.F('starts_on'), descending=True, nulls_last=True), 'name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Team',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='Name of the team')),
                ('kind', models.CharField(choices=[('team', 'Start-up team'), ('shop', 'Shop on social media or on line'), ('studio', 'Studio or workshop'), ('other', 'Another team')], default='team', max_length=8, verbose_name='Kind of team')),
                ('members', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(9999)], verbose_name='Members, the leader included')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('leader', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Tenancy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_virtual', models.BooleanField(default=False, verbose_name='Virtual: without a desk')),
                ('origin', models.CharField(choices=[('student', 'Student or recent graduate'), ('returnee', 'Returned from studies abroad'), ('researcher', 'Researcher or engineer'), ('executive', 'Left a large firm'), ('foreigner', 'From abroad'), ('homecomer', 'Came home to start up'), ('other', 'Another origin')], default='other', max_length=10, verbose_name='Where the founders come from')),
                ('project', models.CharField(max_length=1000, verbose_name='What you do or plan')),
                ('phone', models.CharField(blank=True, max_length=40, verbose_name='Telephone')),
                ('desks', models.PositiveSmallIntegerField(null=True, validators=[django.core.validators.MaxValueValidator(9999)], verbose_name='Desks')),
                ('area', models.DecimalField(decimal_places=2, max_digits=8, null=True, validators=[django.core.validators.MinValueValidator(Decimal('0')), django.core.validators.MaxValueValidator(Decimal('100000'))], verbose_name='Area in m²')),
                ('stage', models.CharField(choices=[('applied', 'Applied'), ('talking', 'In talks'), ('admitted', 'Admitted, agreement to be signed'), ('incubating', 'Incubating'), ('graduated', 'Graduated'), ('left', 'Left by own decision'), ('ended', 'Term ended'), ('declined', 'Not admitted'), ('withdrawn', 'Application withdrawn')], default='applied', max_length=10)),
                ('applied_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('admitted_on', models.DateField(null=True, verbose_name='Admitted on')),
                ('starts_on', models.DateField(null=True, verbose_name='First day in the space')),
                ('firm_since', models.DateField(null=True, verbose_name='Counts as a firm since')),
                ('term_ends_on', models.DateField(null=True, verbose_name='Term ends on')),
                ('ended_on', models.DateField(null=True, verbose_name='Last day in the space')),
                ('end_cause', models.CharField(blank=True, choices=[('term', 'The term is over'), ('agreed', 'Ended by agreement'), ('breach', 'Ended for breach of the agreement'), ('space', 'The space closed or merged')], max_length=8)),
                ('end_reason', models.CharField(blank=True, max_length=300, verbose_name='Reason')),
                ('revision', models.PositiveIntegerField(default=0)),
                ('is_demo', models.BooleanField(default=False)),
                ('applied_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('cohort', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='tenancies', to='tenants.cohort')),
                ('founded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.team')),
                ('organization', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tenancies', to='accounts.organisation')),
                ('space', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tenancies', to='spaces.space')),
                ('team', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tenancies', to='tenants.team')),
            ],
            options={
                'ordering': ['-applied_at', '-pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='cohort',
            constraint=models.UniqueConstraint(fields=('space', 'name'), name='cohort_named_once'),
        ),
        migrations.AddConstraint(
            model_name='cohort',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='cohort_has_a_name'),
        ),
        migrations.AddConstraint(
            model_name='cohort',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('starts_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='cohort_ends_after_it_begins'),
        ),
        migrations.AddConstraint(
            model_name='team',
            constraint=models.UniqueConstraint(fields=('leader', 'name'), name='team_named_once'),
        ),
        migrations.AddConstraint(
            model_name='team',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='team_has_a_name'),
        ),
        migrations.AddConstraint(
            model_name='team',
            constraint=models.CheckConstraint(condition=models.Q(('members__gte', 1)), name='team_has_a_member'),
        ),
        migrations.AddIndex(
            model_name='tenancy',
            index=models.Index(fields=['space', 'stage', '-applied_at'], name='tenancy_board'),
        ),
        migrations.AddIndex(
            model_name='tenancy',
            index=models.Index(fields=['organization', 'stage'], name='tenancy_of_firm'),
        ),
        migrations.AddConstraint(
            model_name='tenancy',
            constraint=models.CheckConstraint(condition=models.Q(('organization__isnull', True), ('team__isnull', True), _connector='XOR'), name='tenancy_of_a_firm_or_team'),
        ),
        migrations.AddConstraint(
            model_name='tenancy',
            constraint=models.UniqueConstraint(condition=models.Q(('stage__in', ('applied', 'talking', 'admitted', 'incubating'))), fields=('space', 'organization'), name='tenancy_of_firm_open_once'),
        ),
        migrations.AddConstraint(
            model_name='tenancy',
            constraint=models.UniqueConstraint(condition=models.Q(('stage__in', ('applied', 'talking', 'admitted', 'incubating'))), fields=('space', 'team'), name='tenancy_of_team_open_once'),
        ),
        migrations.AddConstraint(
            model_name='tenancy',
            constraint=models.CheckConstraint(condition=models.Q(('is_virtual', False), models.Q(('area__isnull', True), ('desks__isnull', True)), _connector='OR'), name='tenancy_virtual_has_no_room'),
        ),
        migrations.AddConstraint(
            model_name='tenancy',
            constraint=models.CheckConstraint(condition=models.Q(('area__isnull', True), ('area__gte', 0), _connector='OR'), name='tenancy_area_counts'),
        ),
        migrations.AddConstraint(
            model_name='tenancy',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('stage__in', ('incubating', 'graduated')), _negated=True), ('starts_on__isnull', False), _connector='OR'), name='tenancy_begun_with_a_day'),
        ),
        migrations.AddConstraint(
            model_name='tenancy',
            constraint=models.CheckConstraint(condition=models.Q(('stage__in', ('applied', 'talking', 'admitted', 'incubating')), ('ended_on__isnull', False), _connector='OR'), name='tenancy_ended_with_a_day'),
        ),
        migrations.AddConstraint(
            model_name='tenancy',
            constraint=models.CheckConstraint(condition=models.Q(('starts_on__isnull', True), ('ended_on__isnull', True), ('ended_on__gte', models.F('starts_on')), _connector='OR'), name='tenancy_ends_after_it_begins'),
        ),
        migrations.AddConstraint(
            model_name='tenancy',
            constraint=models.CheckConstraint(condition=models.Q(('starts_on__isnull', True), ('term_ends_on__isnull', True), ('term_ends_on__gte', models.F('starts_on')), _connector='OR'), name='tenancy_term_ends_after_it_begins'),
        ),
        migrations.AddConstraint(
            model_name='tenancy',
            constraint=models.CheckConstraint(condition=models.Q(('firm_since__isnull', True), models.Q(('firm_since__gte', models.F('starts_on')), ('organization__isnull', False), ('starts_on__isnull', False)), _connector='OR'), name='tenancy_firm_since_it_is_one'),
        ),
        migrations.AddConstraint(
            model_name='tenancy',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('stage', 'ended'), _negated=True), models.Q(('end_cause', ''), _negated=True), _connector='OR'), name='tenancy_cause_of_an_end'),
        ),
    ]
