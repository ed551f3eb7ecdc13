"""Stage 3: session requests, reviews, selection, rooms, timetables and releases."""
