"""Questions about the programme. What is public is the last release; everything else is the workspace's."""
