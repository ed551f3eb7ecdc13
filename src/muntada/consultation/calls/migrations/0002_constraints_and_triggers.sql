-- What the database of calls holds beyond the models, by table.


-- consultation_calls_meetingrecord

-- A record of a meeting that was filed never changes; a correction is a record of its own.
CREATE FUNCTION consultation_record_never_changes() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a record that was filed is kept' USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER consultation_record_kept
BEFORE UPDATE ON consultation_calls_meetingrecord
FOR EACH ROW EXECUTE FUNCTION consultation_record_never_changes();
