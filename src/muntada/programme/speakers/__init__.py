"""Those named in a request are asked, answer by their link, say when they can."""
