"""Questions to sessions, on site and online, with support and answers; parity of both."""
