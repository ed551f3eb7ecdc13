"""Balance: who has taken part, who has not, and the reference shares."""
