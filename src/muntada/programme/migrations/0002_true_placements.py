"""What a model cannot say: people follow their placement, and a released timetable stays as it was."""

from django.db import migrations

FOLLOW = """
ALTER TABLE programme_placement ADD CONSTRAINT placement_can_be_followed UNIQUE (id, timetable_id, period);
ALTER TABLE programme_placementperson ADD CONSTRAINT people_follow_their_placement
    FOREIGN KEY (placement_id, timetable_id, period)
    REFERENCES programme_placement (id, timetable_id, period) ON UPDATE CASCADE ON DELETE CASCADE;
"""
UNFOLLOW = """
ALTER TABLE programme_placementperson DROP CONSTRAINT people_follow_their_placement;
ALTER TABLE programme_placement DROP CONSTRAINT placement_can_be_followed;
"""
KEEP = """
CREATE FUNCTION programme_released_stays() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER programme_placement_released_stays BEFORE INSERT OR UPDATE OR DELETE ON programme_placement
    FOR EACH ROW EXECUTE FUNCTION programme_released_stays();
CREATE TRIGGER programme_person_released_stays BEFORE INSERT OR UPDATE OR DELETE ON programme_placementperson
    FOR EACH ROW EXECUTE FUNCTION programme_released_stays();
"""
LOOSE = """
DROP TRIGGER programme_person_released_stays ON programme_placementperson;
DROP TRIGGER programme_placement_released_stays ON programme_placement;
DROP FUNCTION programme_released_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("programme", "0001_initial")]
    operations = [migrations.RunSQL(FOLLOW, UNFOLLOW), migrations.RunSQL(KEEP, LOOSE)]
