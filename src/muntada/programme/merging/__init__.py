"""Two session requests made one by consent."""
