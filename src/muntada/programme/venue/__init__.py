"""Rooms, hours, buildings and slots, changed while sessions stand in them."""
