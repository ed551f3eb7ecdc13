-- What the database of prizes holds beyond the models, by table.


-- Referred to by others together with the row's showcase or category

ALTER TABLE evidence_prizes_showcasecategory
    ADD CONSTRAINT category_of_showcase UNIQUE (id, showcase_id);

ALTER TABLE evidence_prizes_showcaseentry
    ADD CONSTRAINT entry_of_category UNIQUE (id, category_id);

-- evidence_prizes_showcaseentry

-- An initiative is entered in a category of the same showcase.
ALTER TABLE evidence_prizes_showcaseentry
    ADD CONSTRAINT entry_in_category_of_its_showcase FOREIGN KEY (category_id, showcase_id)
    REFERENCES evidence_prizes_showcasecategory (id, showcase_id);

-- evidence_prizes_showcasevote

-- A vote in a category is for an entry of that category.
ALTER TABLE evidence_prizes_showcasevote
    ADD CONSTRAINT vote_for_entry_of_its_category FOREIGN KEY (entry_id, category_id)
    REFERENCES evidence_prizes_showcaseentry (id, category_id);

-- evidence_prizes_winnerpick

-- An expert picks the winner of a category among the entries of that category.
ALTER TABLE evidence_prizes_winnerpick
    ADD CONSTRAINT pick_of_entry_of_its_category FOREIGN KEY (entry_id, category_id)
    REFERENCES evidence_prizes_showcaseentry (id, category_id);
