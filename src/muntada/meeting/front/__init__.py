"""The front page of the meeting, and the page of a session with its questions and its report."""
