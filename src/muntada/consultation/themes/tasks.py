"""Analyse contributions for themes."""

from muntada.consultation.themes import task_types
from muntada.consultation.themes.actions import suggestions
from muntada.foundations.jobs.running import Run, carries_out


@carries_out(task_types.suggest_themes)
def suggest_themes(run: Run) -> None:
    """Analyse all public texts of a forum for themes."""
    suggestions.read_texts(run)
