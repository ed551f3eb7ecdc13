"""Accept, decline, refer, put on the waiting list; a session is made, or cancelled."""
