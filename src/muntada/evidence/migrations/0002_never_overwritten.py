"""An observation never changes and never goes: a later edition of its source stands beside it."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION evidence_observation_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'observations are append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER evidence_observation_append_only BEFORE UPDATE OR DELETE ON evidence_observation
    FOR EACH ROW EXECUTE FUNCTION evidence_observation_is_append_only();
"""
BACKWARD = """
DROP TRIGGER evidence_observation_append_only ON evidence_observation;
DROP FUNCTION evidence_observation_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("evidence", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
