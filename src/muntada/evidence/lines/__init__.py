"""What the evidence says of an action line, and which indicators belong to it."""
