-- What the database of constraints holds beyond the models, by table.


-- Referred to by others together with the row's forum or timetable

ALTER TABLE programme_constraints_apartset
    ADD CONSTRAINT apart_set_is_of_its_forum UNIQUE (id, forum_id);

ALTER TABLE programme_constraints_sessionseries
    ADD CONSTRAINT series_is_of_its_forum UNIQUE (id, forum_id);

-- programme_constraints_apartmember

-- Sessions that are kept apart, and the set that keeps them apart, are of one forum.
ALTER TABLE programme_constraints_apartmember
    ADD CONSTRAINT member_is_of_its_set FOREIGN KEY (apart_id, forum_id)
    REFERENCES programme_constraints_apartset (id, forum_id),
    ADD CONSTRAINT member_is_of_the_forum FOREIGN KEY (session_id, forum_id)
    REFERENCES programme_sessions_session (id, forum_id);

-- programme_constraints_seriespart

-- The sessions of a series, and the series, are of one forum.
ALTER TABLE programme_constraints_seriespart
    ADD CONSTRAINT part_is_of_its_series FOREIGN KEY (series_id, forum_id)
    REFERENCES programme_constraints_sessionseries (id, forum_id),
    ADD CONSTRAINT part_is_of_the_forum FOREIGN KEY (session_id, forum_id)
    REFERENCES programme_sessions_session (id, forum_id);

-- programme_constraints_sessionorder

-- One session comes before another of the same forum.
ALTER TABLE programme_constraints_sessionorder
    ADD CONSTRAINT earlier_is_of_the_forum FOREIGN KEY (earlier_id, forum_id)
    REFERENCES programme_sessions_session (id, forum_id),
    ADD CONSTRAINT later_is_of_the_forum FOREIGN KEY (later_id, forum_id)
    REFERENCES programme_sessions_session (id, forum_id);

-- No session comes before itself, whether by orders, by series or by both. Checked at the commit, and one at a
-- time for a forum: of two orders that make a circle together the second has to see the first.
CREATE FUNCTION programme_order_is_straight() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    begun bigint;
BEGIN
    IF TG_TABLE_NAME = 'programme_constraints_sessionorder' THEN
        begun := NEW.later_id;
    ELSE
        begun := NEW.session_id;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('programme_order_is_straight'), NEW.forum_id::integer);
    IF EXISTS (
        WITH RECURSIVE step (earlier, later) AS (
            SELECT earlier_id, later_id FROM programme_constraints_sessionorder WHERE forum_id = NEW.forum_id
            UNION
            SELECT one.session_id, two.session_id
            FROM programme_constraints_seriespart AS one
            JOIN programme_constraints_seriespart AS two ON one.series_id = two.series_id AND one.position < two.position
            WHERE one.forum_id = NEW.forum_id
        ), reached (session) AS (
            SELECT later FROM step WHERE earlier = begun
            UNION
            SELECT step.later FROM step JOIN reached ON step.earlier = reached.session
        )
        SELECT 1 FROM reached WHERE session = begun
    ) THEN
        RAISE EXCEPTION 'a session would have to come before itself'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'order_goes_in_no_circle';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER programme_constraints_seriespart_is_straight
AFTER INSERT OR UPDATE ON programme_constraints_seriespart
DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION programme_order_is_straight();

CREATE CONSTRAINT TRIGGER programme_constraints_sessionorder_is_straight
AFTER INSERT OR UPDATE ON programme_constraints_sessionorder
DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION programme_order_is_straight();
