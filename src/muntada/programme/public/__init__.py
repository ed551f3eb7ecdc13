"""The public programme, and personal programmes."""
