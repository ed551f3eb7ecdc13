-- What the database of the evidence holds beyond the models. First what other tables refer to, then by table.


-- Referred to by others together with the row's showcase or category

ALTER TABLE evidence_showcasecategory
    ADD CONSTRAINT category_of_showcase UNIQUE (id, showcase_id);

ALTER TABLE evidence_showcaseentry
    ADD CONSTRAINT entry_of_category UNIQUE (id, category_id);


-- evidence_observation

-- An observation never changes and is never deleted: a later edition of its source stands beside it.
CREATE FUNCTION evidence_observation_is_append_only() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'observations are append-only' USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER evidence_observation_append_only
BEFORE UPDATE OR DELETE ON evidence_observation
FOR EACH ROW EXECUTE FUNCTION evidence_observation_is_append_only();


-- evidence_showcaseentry

-- An initiative is entered in a category of the same showcase.
ALTER TABLE evidence_showcaseentry
    ADD CONSTRAINT entry_in_category_of_its_showcase FOREIGN KEY (category_id, showcase_id)
    REFERENCES evidence_showcasecategory (id, showcase_id);


-- evidence_showcasevote

-- A vote in a category is for an entry of that category.
ALTER TABLE evidence_showcasevote
    ADD CONSTRAINT vote_for_entry_of_its_category FOREIGN KEY (entry_id, category_id)
    REFERENCES evidence_showcaseentry (id, category_id);


-- evidence_winnerpick

-- An expert picks the winner of a category among the entries of that category.
ALTER TABLE evidence_winnerpick
    ADD CONSTRAINT pick_of_entry_of_its_category FOREIGN KEY (entry_id, category_id)
    REFERENCES evidence_showcaseentry (id, category_id);
