-- What the database of indicators holds beyond the models, by table.


-- evidence_indicators_observation

-- An observation never changes and is never deleted: a later edition of its source stands beside it.
CREATE FUNCTION evidence_indicators_observation_is_append_only() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'observations are append-only' USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER evidence_indicators_observation_append_only
BEFORE UPDATE OR DELETE ON evidence_indicators_observation
FOR EACH ROW EXECUTE FUNCTION evidence_indicators_observation_is_append_only();
