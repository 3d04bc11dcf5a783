"""A published version that was wrong may give its place to its correction, and stays as it was from then on."""

from django.db import migrations, models

FUNCTION = """
CREATE OR REPLACE FUNCTION policies_published_text_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'DELETE' AND NEW.reviewer_id = ANY (NEW.writers) THEN
        RAISE EXCEPTION 'whoever wrote a version may not publish it' USING ERRCODE = '23514';
    END IF;
    IF OLD.stage NOT IN (%(kept)s) THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR NEW.stage NOT IN (%(kept)s)%(way)s
        OR (NEW.content, NEW.content_hash, NEW.measure_id, NEW.writers, NEW.valid_from)
            IS DISTINCT FROM (OLD.content, OLD.content_hash, OLD.measure_id, OLD.writers, OLD.valid_from) THEN
        RAISE EXCEPTION 'a published version of a measure stays as it was published' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
"""
NO_WAY_BACK = " OR (OLD.stage = 'corrected' AND NEW.stage <> 'corrected')"
FORWARD = FUNCTION % {"kept": "'in_force', 'retired', 'corrected'", "way": NO_WAY_BACK}
BACKWARD = (
    FUNCTION % {"kept": "'in_force', 'retired'", "way": ""}
    + "UPDATE policies_measureversion SET stage = 'discarded' WHERE stage = 'corrected';"
)


class Migration(migrations.Migration):

    dependencies = [
        ('policies', '0014_comments_on_clauses'),
    ]

    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.AlterField(
            model_name='interpretation',
            name='stage',
            field=models.CharField(choices=[('draft', 'Draft'), ('in_review', 'In review'), ('in_force', 'Published'), ('retired', 'Retired'), ('corrected', 'Corrected'), ('discarded', 'Discarded')], default='draft', max_length=12),
        ),
        migrations.AlterField(
            model_name='measureversion',
            name='stage',
            field=models.CharField(choices=[('draft', 'Draft'), ('in_review', 'In review'), ('in_force', 'Published'), ('retired', 'Retired'), ('corrected', 'Corrected'), ('discarded', 'Discarded')], default='draft', max_length=12),
        ),
        migrations.AlterField(
            model_name='registereddocument',
            name='stage',
            field=models.CharField(choices=[('draft', 'Draft'), ('in_review', 'In review'), ('in_force', 'Published'), ('retired', 'Retired'), ('corrected', 'Corrected'), ('discarded', 'Discarded')], default='draft', max_length=12),
        ),
    ]
