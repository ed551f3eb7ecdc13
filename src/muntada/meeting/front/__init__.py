"""The front page of the meeting, and the page of a session."""
