"""What all parts share: errors, pages, languages, files, mail, live updates, tasks."""
