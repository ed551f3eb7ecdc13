-- What the database of sessions holds beyond the models, by table.


ALTER TABLE programme_sessions_session
    ADD CONSTRAINT session_is_of_its_forum UNIQUE (id, forum_id);
