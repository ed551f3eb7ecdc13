"""Milestones of a forum shown beside data."""

from muntada.forums.models import Forum, Milestone


def milestones_beside(forum: Forum) -> dict[int, list[Milestone]]:
    """Return the milestones shown beside indicators, by year."""
    by_year: dict[int, list[Milestone]] = {}
    for one in Milestone.objects.filter(forum=forum, is_beside_data=True):
        by_year.setdefault(one.on_date.year, []).append(one)
    return by_year
