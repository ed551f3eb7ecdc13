"""Stage 3: session requests, rooms, slots, timetable and releases. Whoever wants to meet comes in here."""
