-- What the database of the record holds beyond the models. Sorted by table.


-- record_logentry

-- The log can only grow: what is in a digest never changes, and no entry is deleted.
CREATE FUNCTION record_logentry_is_append_only() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'the log is append-only' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.forum_id, NEW.sequence, NEW.at, NEW.role, NEW.verb, NEW.symbol_id,
        NEW.change_digest, NEW.digest_before, NEW.digest)
       IS DISTINCT FROM
       (OLD.forum_id, OLD.sequence, OLD.at, OLD.role, OLD.verb, OLD.symbol_id,
        OLD.change_digest, OLD.digest_before, OLD.digest) THEN
        RAISE EXCEPTION 'the log is append-only' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER record_logentry_append_only
BEFORE UPDATE OR DELETE ON record_logentry
FOR EACH ROW EXECUTE FUNCTION record_logentry_is_append_only();
