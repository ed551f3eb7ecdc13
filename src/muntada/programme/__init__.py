"""Stage 3: session requests, rooms, slots, the timetable and its releases. Whoever wants to meet comes in here."""
