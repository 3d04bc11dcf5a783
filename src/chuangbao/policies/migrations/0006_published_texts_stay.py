"""PostgreSQL itself refuses to change what a published document or explanation says; two persons there too."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION policies_authored_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'DELETE' AND NEW.reviewer_id = ANY (NEW.writers) THEN
        RAISE EXCEPTION 'whoever wrote a text may not publish it' USING ERRCODE = '23514';
    END IF;
    IF OLD.stage NOT IN ('in_force', 'retired') THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR NEW.stage NOT IN ('in_force', 'retired')
        OR (to_jsonb(NEW) - 'stage' - 'valid_to') IS DISTINCT FROM (to_jsonb(OLD) - 'stage' - 'valid_to') THEN
        RAISE EXCEPTION 'what was published stays as it was published' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER published_document_stays BEFORE UPDATE OR DELETE ON policies_registereddocument
    FOR EACH ROW EXECUTE FUNCTION policies_authored_stays();
CREATE TRIGGER published_interpretation_stays BEFORE UPDATE OR DELETE ON policies_interpretation
    FOR EACH ROW EXECUTE FUNCTION policies_authored_stays();
CREATE FUNCTION policies_published_clause_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE place bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN place := NEW.document_id; ELSE place := OLD.document_id; END IF;
    IF EXISTS (SELECT 1 FROM policies_registereddocument WHERE id = place AND stage IN ('in_force', 'retired')) THEN
        RAISE EXCEPTION 'the clauses of a published document stay' USING ERRCODE = '23514';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER published_clause_stays BEFORE INSERT OR UPDATE OR DELETE ON policies_registeredclause
    FOR EACH ROW EXECUTE FUNCTION policies_published_clause_stays();
"""
BACKWARD = """
DROP TRIGGER published_clause_stays ON policies_registeredclause;
DROP FUNCTION policies_published_clause_stays();
DROP TRIGGER published_interpretation_stays ON policies_interpretation;
DROP TRIGGER published_document_stays ON policies_registereddocument;
DROP FUNCTION policies_authored_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("policies", "0005_authoring")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
