"""Stage 4: sessions as held, questions, session reports."""
