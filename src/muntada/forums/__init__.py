"""One edition of a forum: dates, venues, organisers, stage windows, framework, taxonomy. Every stage stands on it."""
