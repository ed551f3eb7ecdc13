-- Locks the log of a forum until the transaction ends, and returns its last entry.
-- A single SELECT would not do: it sees the table as it was before the lock was granted. In a function each
-- statement sees what is committed when the statement begins.
CREATE FUNCTION record_end_of_log(locked_forum_id bigint) RETURNS TABLE (sequence bigint, digest text)
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('record.log'), locked_forum_id::integer);
    RETURN QUERY
        SELECT entry.sequence, entry.digest::text FROM record_logentry entry
        WHERE entry.forum_id = locked_forum_id ORDER BY entry.sequence DESC LIMIT 1;
END $$;
