"""Stage 4: sessions as they are held, questions, session reports. The room and the screen come in here."""
