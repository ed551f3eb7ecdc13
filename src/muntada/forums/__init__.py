"""An edition of a forum: dates, venues, organizers, stage windows and framework."""
