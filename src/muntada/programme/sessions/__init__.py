"""Sessions with people, favourites, buildings, rooms and slots."""
