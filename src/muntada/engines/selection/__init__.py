"""Scored requests, capacities and rules become a balanced choice, with the price of each rule."""
