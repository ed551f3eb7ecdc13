"""The command line: serve, demo, import, schedule, verify, and each engine on plain files."""
