"""PostgreSQL itself refuses to change what a published version says, and to delete it."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION policies_published_text_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'DELETE' AND NEW.reviewer_id = ANY (NEW.writers) THEN
        RAISE EXCEPTION 'whoever wrote a version may not publish it' USING ERRCODE = '23514';
    END IF;
    IF OLD.stage NOT IN ('in_force', 'retired') THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR NEW.stage NOT IN ('in_force', 'retired')
        OR (NEW.content, NEW.content_hash, NEW.measure_id, NEW.writers, NEW.valid_from)
            IS DISTINCT FROM (OLD.content, OLD.content_hash, OLD.measure_id, OLD.writers, OLD.valid_from) THEN
        RAISE EXCEPTION 'a published version of a measure stays as it was published' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER published_text_stays BEFORE UPDATE OR DELETE ON policies_measureversion
    FOR EACH ROW EXECUTE FUNCTION policies_published_text_stays();
"""
BACKWARD = """
DROP TRIGGER published_text_stays ON policies_measureversion;
DROP FUNCTION policies_published_text_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("policies", "0003_register")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
