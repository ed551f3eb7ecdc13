-- What the database of texts holds beyond the models, by table.


-- outcome_texts_paragraph

-- The paragraphs of a text stay as they are once it is adopted.
CREATE FUNCTION outcome_adopted_text_stays() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    touched outcome_texts_paragraph;
BEGIN
    IF TG_OP = 'INSERT' THEN touched := NEW; ELSE touched := OLD; END IF;
    IF EXISTS (SELECT 1 FROM outcome_texts_draft WHERE id = touched.draft_id AND state = 'adopted') THEN
        RAISE EXCEPTION 'an adopted text does not change' USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER outcome_adopted_text_stays
BEFORE INSERT OR UPDATE OR DELETE ON outcome_texts_paragraph
FOR EACH ROW EXECUTE FUNCTION outcome_adopted_text_stays();
