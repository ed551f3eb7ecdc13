"""One edition of a forum: dates, venues, organisers, windows, framework. Every stage stands on it."""
