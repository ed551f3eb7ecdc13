"""A series as one small line."""

from collections.abc import Sequence

SPARK_WIDTH, SPARK_HEIGHT = 120, 32


def sparkline(points: Sequence[tuple[int, float]]) -> str:
    """Return a series as the path of one small line, the lowest value at the bottom."""
    if len(points) < 2:  # noqa: PLR2004
        return ""
    (first, _), (last, _) = points[0], points[-1]
    low, high = min(value for _, value in points), max(value for _, value in points)
    height = (high - low) or 1
    places = (
        f"{(year - first) / (last - first) * (SPARK_WIDTH - 4) + 2:.1f},"
        f"{(1 - (value - low) / height) * (SPARK_HEIGHT - 6) + 3:.1f}"
        for year, value in points
    )
    return f"M{'L'.join(places)}"
