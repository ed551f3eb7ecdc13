"""An adopted text does not change: the database itself refuses."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION outcome_adopted_text_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched outcome_paragraph;
BEGIN
    IF TG_OP = 'INSERT' THEN touched := NEW; ELSE touched := OLD; END IF;
    IF EXISTS (SELECT 1 FROM outcome_draft WHERE id = touched.draft_id AND state = 'adopted') THEN
        RAISE EXCEPTION 'an adopted text does not change' USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER outcome_adopted_text_stays BEFORE INSERT OR UPDATE OR DELETE ON outcome_paragraph
    FOR EACH ROW EXECUTE FUNCTION outcome_adopted_text_stays();
"""
BACKWARD = """
DROP TRIGGER outcome_adopted_text_stays ON outcome_paragraph;
DROP FUNCTION outcome_adopted_text_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("outcome", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
