"""The demo forum: true public facts of WSIS+20, and invented voices marked as such."""
