"""The demo forum: public facts of WSIS+20, and invented voices marked as such."""
