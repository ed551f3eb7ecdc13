"""Stage 2: calls, contributions, statements, votes, replies, the opinion map.

Whoever has something to say comes in here.
"""
