"""Rooms, hours, buildings and slots, changed while sessions use them."""
