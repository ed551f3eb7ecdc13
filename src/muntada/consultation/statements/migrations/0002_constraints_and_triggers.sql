-- What the database of statements holds beyond the models, by table.


-- consultation_statements_statementversion

-- An earlier wording of a statement never changes.
CREATE FUNCTION consultation_wording_never_changes() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a wording that was corrected is kept' USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER consultation_wording_kept
BEFORE UPDATE ON consultation_statements_statementversion
FOR EACH ROW EXECUTE FUNCTION consultation_wording_never_changes();

-- consultation_statements_vote

-- Voter and statement of a vote belong to the same call.
CREATE FUNCTION consultation_vote_within_call() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT call_id FROM consultation_statements_voter WHERE id = NEW.voter_id)
       IS DISTINCT FROM (SELECT call_id FROM consultation_statements_statement WHERE id = NEW.statement_id) THEN
        RAISE EXCEPTION 'a vote is cast within one call' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER consultation_vote_in_call
BEFORE INSERT ON consultation_statements_vote
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
BEFORE UPDATE ON consultation_statements_vote
FOR EACH ROW EXECUTE FUNCTION consultation_vote_never_changes();
