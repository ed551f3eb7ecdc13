"""Speakers and co-organizers: asked by e-mail, answering by link, with their hours."""
