"""Sessions, rooms, slots, people and wishes become a timetable; any timetable is judged by the same rules."""
