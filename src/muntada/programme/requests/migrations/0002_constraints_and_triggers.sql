-- What the database of requests holds beyond the models, by table.


-- programme_requests_formversion

-- A version of a request form never changes once it is published: requests answer its questions.
CREATE FUNCTION programme_published_form_stays() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a published form is never changed' USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER programme_published_form_stays
BEFORE UPDATE OR DELETE ON programme_requests_formversion
FOR EACH ROW WHEN (OLD.published_at IS NOT NULL)
EXECUTE FUNCTION programme_published_form_stays();
