"""What a model cannot say: ties stay inside one forum, and no session comes before itself by any way round."""

from django.db import migrations

INSIDE = """
ALTER TABLE programme_session ADD CONSTRAINT session_is_of_its_forum UNIQUE (id, forum_id);
ALTER TABLE programme_sessionseries ADD CONSTRAINT series_is_of_its_forum UNIQUE (id, forum_id);
ALTER TABLE programme_apartset ADD CONSTRAINT apart_set_is_of_its_forum UNIQUE (id, forum_id);
ALTER TABLE programme_sessionorder
    ADD CONSTRAINT earlier_is_of_the_forum FOREIGN KEY (earlier_id, forum_id)
        REFERENCES programme_session (id, forum_id),
    ADD CONSTRAINT later_is_of_the_forum FOREIGN KEY (later_id, forum_id)
        REFERENCES programme_session (id, forum_id);
ALTER TABLE programme_seriespart
    ADD CONSTRAINT part_is_of_the_forum FOREIGN KEY (session_id, forum_id)
        REFERENCES programme_session (id, forum_id),
    ADD CONSTRAINT part_is_of_its_series FOREIGN KEY (series_id, forum_id)
        REFERENCES programme_sessionseries (id, forum_id);
ALTER TABLE programme_apartmember
    ADD CONSTRAINT member_is_of_the_forum FOREIGN KEY (session_id, forum_id)
        REFERENCES programme_session (id, forum_id),
    ADD CONSTRAINT member_is_of_its_set FOREIGN KEY (apart_id, forum_id)
        REFERENCES programme_apartset (id, forum_id);
"""
OUTSIDE = """
ALTER TABLE programme_apartmember DROP CONSTRAINT member_is_of_its_set, DROP CONSTRAINT member_is_of_the_forum;
ALTER TABLE programme_seriespart DROP CONSTRAINT part_is_of_its_series, DROP CONSTRAINT part_is_of_the_forum;
ALTER TABLE programme_sessionorder
    DROP CONSTRAINT later_is_of_the_forum, DROP CONSTRAINT earlier_is_of_the_forum;
ALTER TABLE programme_apartset DROP CONSTRAINT apart_set_is_of_its_forum;
ALTER TABLE programme_sessionseries DROP CONSTRAINT series_is_of_its_forum;
ALTER TABLE programme_session DROP CONSTRAINT session_is_of_its_forum;
"""
# One at a time for a forum: of two orders that make a circle together the second has to see the first.
STRAIGHT = """
CREATE FUNCTION programme_order_is_straight() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    begun bigint;
BEGIN
    IF TG_TABLE_NAME = 'programme_sessionorder' THEN
        begun := NEW.later_id;
    ELSE
        begun := NEW.session_id;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('programme_order_is_straight'), NEW.forum_id::integer);
    IF EXISTS (
        WITH RECURSIVE step (earlier, later) AS (
            SELECT earlier_id, later_id FROM programme_sessionorder WHERE forum_id = NEW.forum_id
            UNION
            SELECT one.session_id, two.session_id
            FROM programme_seriespart AS one
            JOIN programme_seriespart AS two ON one.series_id = two.series_id AND one.position < two.position
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
CREATE CONSTRAINT TRIGGER programme_sessionorder_is_straight AFTER INSERT OR UPDATE ON programme_sessionorder
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION programme_order_is_straight();
CREATE CONSTRAINT TRIGGER programme_seriespart_is_straight AFTER INSERT OR UPDATE ON programme_seriespart
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION programme_order_is_straight();
"""
CROOKED = """
DROP TRIGGER programme_seriespart_is_straight ON programme_seriespart;
DROP TRIGGER programme_sessionorder_is_straight ON programme_sessionorder;
DROP FUNCTION programme_order_is_straight();
"""


class Migration(migrations.Migration):
    dependencies = [("programme", "0013_ties")]
    operations = [migrations.RunSQL(INSIDE, OUTSIDE), migrations.RunSQL(STRAIGHT, CROOKED)]
