"""What was submitted and how it was voted stays as it was: versions and votes never change their content."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION consultation_version_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a submitted version never changes' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER consultation_version_kept BEFORE UPDATE ON consultation_contributionversion
    FOR EACH ROW EXECUTE FUNCTION consultation_version_never_changes();

CREATE FUNCTION consultation_vote_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.voter_id, NEW.statement_id, NEW.value, NEW.important, NEW.cast_at)
       IS DISTINCT FROM (OLD.voter_id, OLD.statement_id, OLD.value, OLD.important, OLD.cast_at)
       OR (NEW.is_current AND NOT OLD.is_current) THEN
        RAISE EXCEPTION 'a vote is never changed, only followed by another' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER consultation_vote_kept BEFORE UPDATE ON consultation_vote
    FOR EACH ROW EXECUTE FUNCTION consultation_vote_never_changes();

CREATE FUNCTION consultation_vote_within_call() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT call_id FROM consultation_voter WHERE id = NEW.voter_id)
       IS DISTINCT FROM (SELECT call_id FROM consultation_statement WHERE id = NEW.statement_id) THEN
        RAISE EXCEPTION 'a vote is cast within one call' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER consultation_vote_in_call BEFORE INSERT ON consultation_vote
    FOR EACH ROW EXECUTE FUNCTION consultation_vote_within_call();

CREATE FUNCTION consultation_wording_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a wording that was corrected is kept' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER consultation_wording_kept BEFORE UPDATE ON consultation_statementversion
    FOR EACH ROW EXECUTE FUNCTION consultation_wording_never_changes();
"""
BACKWARD = """
DROP TRIGGER consultation_wording_kept ON consultation_statementversion;
DROP FUNCTION consultation_wording_never_changes();
DROP TRIGGER consultation_vote_in_call ON consultation_vote;
DROP FUNCTION consultation_vote_within_call();
DROP TRIGGER consultation_vote_kept ON consultation_vote;
DROP FUNCTION consultation_vote_never_changes();
DROP TRIGGER consultation_version_kept ON consultation_contributionversion;
DROP FUNCTION consultation_version_never_changes();
"""


class Migration(migrations.Migration):
    dependencies = [("consultation", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
