"""Choosing in balance: rules, pins, scores, selections, planned decisions."""
