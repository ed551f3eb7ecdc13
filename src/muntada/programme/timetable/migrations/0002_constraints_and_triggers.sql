-- What the database of timetable holds beyond the models, by table.


ALTER TABLE programme_timetable_placement
    ADD CONSTRAINT placement_can_be_followed UNIQUE (id, timetable_id, period);

-- programme_timetable_placement

-- No placement is added to, changed in or taken out of a timetable that was released.
CREATE FUNCTION programme_released_stays() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    touched bigint[] := ARRAY[]::bigint[];
BEGIN
    IF TG_OP <> 'INSERT' THEN touched := touched || OLD.timetable_id; END IF;
    IF TG_OP <> 'DELETE' THEN touched := touched || NEW.timetable_id; END IF;
    IF EXISTS (SELECT 1 FROM programme_timetable_release WHERE timetable_id = ANY (touched)) THEN
        RAISE EXCEPTION 'a released timetable is never changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;

CREATE TRIGGER programme_placement_released_stays
BEFORE INSERT OR UPDATE OR DELETE ON programme_timetable_placement
FOR EACH ROW EXECUTE FUNCTION programme_released_stays();

-- programme_timetable_placementperson

-- People are placed when and where their session is, move with it, and are gone with it.
ALTER TABLE programme_timetable_placementperson
    ADD CONSTRAINT people_follow_their_placement FOREIGN KEY (placement_id, timetable_id, period)
    REFERENCES programme_timetable_placement (id, timetable_id, period)
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
        SELECT 1 FROM programme_timetable_release
        WHERE (TG_OP <> 'INSERT' AND timetable_id = OLD.timetable_id)
            OR (TG_OP <> 'DELETE' AND timetable_id = NEW.timetable_id)
    ) THEN
        RAISE EXCEPTION 'a released timetable is never changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;

CREATE TRIGGER programme_person_released_stays
BEFORE INSERT OR UPDATE OR DELETE ON programme_timetable_placementperson
FOR EACH ROW EXECUTE FUNCTION programme_released_people_stay();
