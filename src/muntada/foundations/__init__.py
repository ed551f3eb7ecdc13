"""Words shared by all: errors, pages, languages, files, mail, live updates, tasks."""
