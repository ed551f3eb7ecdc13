"""Sessions and who takes part, favourites, buildings, rooms and slots: what is held, where and when."""
