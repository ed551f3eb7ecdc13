"""The programme in other shapes: as a grid of rooms and times, and as a calendar."""
