"""What the pages of the evidence ask."""
