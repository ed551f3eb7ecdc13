-- What the database of the programme holds beyond the models. First what other tables refer to, then by table.


-- Referred to by others together with the row's forum or timetable

ALTER TABLE programme_apartset
    ADD CONSTRAINT apart_set_is_of_its_forum UNIQUE (id, forum_id);

ALTER TABLE programme_placement
    ADD CONSTRAINT placement_can_be_followed UNIQUE (id, timetable_id, period);

ALTER TABLE programme_session
    ADD CONSTRAINT session_is_of_its_forum UNIQUE (id, forum_id);

ALTER TABLE programme_sessionseries
    ADD CONSTRAINT series_is_of_its_forum UNIQUE (id, forum_id);


-- programme_apartmember

-- Sessions that are kept apart, and the set that keeps them apart, are of one forum.
ALTER TABLE programme_apartmember
    ADD CONSTRAINT member_is_of_its_set FOREIGN KEY (apart_id, forum_id)
    REFERENCES programme_apartset (id, forum_id),
    ADD CONSTRAINT member_is_of_the_forum FOREIGN KEY (session_id, forum_id)
    REFERENCES programme_session (id, forum_id);


-- programme_formversion

-- A version of a request form never changes once it is published: requests answer its questions.
CREATE FUNCTION programme_published_form_stays() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a published form is never changed' USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER programme_published_form_stays
BEFORE UPDATE OR DELETE ON programme_formversion
FOR EACH ROW WHEN (OLD.published_at IS NOT NULL)
EXECUTE FUNCTION programme_published_form_stays();


-- programme_placement

-- No placement is added to, changed in or taken out of a timetable that was released.
CREATE FUNCTION programme_released_stays() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    touched bigint[] := ARRAY[]::bigint[];
BEGIN
    IF TG_OP <> 'INSERT' THEN touched := touched || OLD.timetable_id; END IF;
    IF TG_OP <> 'DELETE' THEN touched := touched || NEW.timetable_id; END IF;
    IF EXISTS (SELECT 1 FROM programme_release WHERE timetable_id = ANY (touched)) THEN
        RAISE EXCEPTION 'a released timetable is never changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;

CREATE TRIGGER programme_placement_released_stays
BEFORE INSERT OR UPDATE OR DELETE ON programme_placement
FOR EACH ROW EXECUTE FUNCTION programme_released_stays();


-- programme_placementperson

-- People are placed when and where their session is, move with it, and are gone with it.
ALTER TABLE programme_placementperson
    ADD CONSTRAINT people_follow_their_placement FOREIGN KEY (placement_id, timetable_id, period)
    REFERENCES programme_placement (id, timetable_id, period)
    ON UPDATE CASCADE ON DELETE CASCADE;

-- The people of a released timetable stay, too. Only a name that is withdrawn may be emptied or deleted:
-- the transaction that does it sets `muntada.withdrawn_key` to the key of that person.
CREATE FUNCTION programme_released_people_stay() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.key = current_setting('muntada.withdrawn_key', true) THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        IF (NEW.placement_id, NEW.timetable_id, NEW.period)
            IS NOT DISTINCT FROM (OLD.placement_id, OLD.timetable_id, OLD.period) THEN RETURN NEW;
        END IF;
    END IF;
    IF EXISTS (
        SELECT 1 FROM programme_release
        WHERE (TG_OP <> 'INSERT' AND timetable_id = OLD.timetable_id)
            OR (TG_OP <> 'DELETE' AND timetable_id = NEW.timetable_id)
    ) THEN
        RAISE EXCEPTION 'a released timetable is never changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;

CREATE TRIGGER programme_person_released_stays
BEFORE INSERT OR UPDATE OR DELETE ON programme_placementperson
FOR EACH ROW EXECUTE FUNCTION programme_released_people_stay();


-- programme_seriespart

-- The sessions of a series, and the series, are of one forum.
ALTER TABLE programme_seriespart
    ADD CONSTRAINT part_is_of_its_series FOREIGN KEY (series_id, forum_id)
    REFERENCES programme_sessionseries (id, forum_id),
    ADD CONSTRAINT part_is_of_the_forum FOREIGN KEY (session_id, forum_id)
    REFERENCES programme_session (id, forum_id);


-- programme_sessionorder

-- One session comes before another of the same forum.
ALTER TABLE programme_sessionorder
    ADD CONSTRAINT earlier_is_of_the_forum FOREIGN KEY (earlier_id, forum_id)
    REFERENCES programme_session (id, forum_id),
    ADD CONSTRAINT later_is_of_the_forum FOREIGN KEY (later_id, forum_id)
    REFERENCES programme_session (id, forum_id);

-- No session comes before itself, whether by orders, by series or by both. Checked at the commit, and one at a
-- time for a forum: of two orders that make a circle together the second has to see the first.
CREATE FUNCTION programme_order_is_straight() RETURNS trigger
LANGUAGE plpgsql AS $$
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

CREATE CONSTRAINT TRIGGER programme_seriespart_is_straight
AFTER INSERT OR UPDATE ON programme_seriespart
DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION programme_order_is_straight();

CREATE CONSTRAINT TRIGGER programme_sessionorder_is_straight
AFTER INSERT OR UPDATE ON programme_sessionorder
DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION programme_order_is_straight();
