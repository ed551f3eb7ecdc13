"""Two contributions made one by consent of both authors."""
