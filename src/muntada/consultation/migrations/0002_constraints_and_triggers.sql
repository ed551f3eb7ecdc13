-- What the database of the consultation holds beyond the models. Sorted by table.


-- consultation_contributionversion

-- A version of a contribution that was submitted never changes.
CREATE FUNCTION consultation_version_never_changes() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a submitted version never changes' USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER consultation_version_kept
BEFORE UPDATE ON consultation_contributionversion
FOR EACH ROW EXECUTE FUNCTION consultation_version_never_changes();


-- consultation_meetingrecord

-- A record of a meeting that was filed never changes; a correction is a record of its own.
CREATE FUNCTION consultation_record_never_changes() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a record that was filed is kept' USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER consultation_record_kept
BEFORE UPDATE ON consultation_meetingrecord
FOR EACH ROW EXECUTE FUNCTION consultation_record_never_changes();


-- consultation_statementversion

-- An earlier wording of a statement never changes.
CREATE FUNCTION consultation_wording_never_changes() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a wording that was corrected is kept' USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER consultation_wording_kept
BEFORE UPDATE ON consultation_statementversion
FOR EACH ROW EXECUTE FUNCTION consultation_wording_never_changes();


-- consultation_vote

-- Voter and statement of a vote belong to the same call.
CREATE FUNCTION consultation_vote_within_call() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT call_id FROM consultation_voter WHERE id = NEW.voter_id)
       IS DISTINCT FROM (SELECT call_id FROM consultation_statement WHERE id = NEW.statement_id) THEN
        RAISE EXCEPTION 'a vote is cast within one call' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER consultation_vote_in_call
BEFORE INSERT ON consultation_vote
FOR EACH ROW EXECUTE FUNCTION consultation_vote_within_call();

-- What was voted never changes. A vote may cease to be the current one, and is never that again.
CREATE FUNCTION consultation_vote_never_changes() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.voter_id, NEW.statement_id, NEW.value, NEW.important, NEW.cast_at)
       IS DISTINCT FROM (OLD.voter_id, OLD.statement_id, OLD.value, OLD.important, OLD.cast_at)
       OR (NEW.is_current AND NOT OLD.is_current) THEN
        RAISE EXCEPTION 'a vote is never changed, only followed by another'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER consultation_vote_kept
BEFORE UPDATE ON consultation_vote
FOR EACH ROW EXECUTE FUNCTION consultation_vote_never_changes();
