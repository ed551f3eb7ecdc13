"""Decisions on session requests: accept, decline, refer, waiting list; sessions created and cancelled."""
