"""Votes on statements in; which groups think alike, what unites and divides them out.

The door is `analysis.analyse`. `votes` is what goes in, `polis` reads it from a Polis export, `report` writes
the result as plain values. The method is described in docs/engines/opinion.md.
"""
