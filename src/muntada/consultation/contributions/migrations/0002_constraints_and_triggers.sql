-- What the database of contributions holds beyond the models, by table.


-- consultation_contributions_contributionversion

-- A version of a contribution that was submitted never changes.
CREATE FUNCTION consultation_version_never_changes() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a submitted version never changes' USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER consultation_version_kept
BEFORE UPDATE ON consultation_contributions_contributionversion
FOR EACH ROW EXECUTE FUNCTION consultation_version_never_changes();
