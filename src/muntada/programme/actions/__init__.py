"""Everything that changes the programme, by what it changes."""
