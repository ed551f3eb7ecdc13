"""Types of the arrays that the modules of this engine exchange."""

AXES = 2  # dimensions of the plane of the map
