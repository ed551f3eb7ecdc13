"""Series and their groups: how far, since when, how unequal, and on what a group's number rests."""
