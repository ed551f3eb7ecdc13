"""Sessions changed after acceptance: facts, people, hours; places that became free are given on."""
