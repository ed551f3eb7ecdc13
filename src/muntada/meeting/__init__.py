"""Stage 4: sessions as they are held, questions from the floor, session reports. The room and the screen come in here."""
