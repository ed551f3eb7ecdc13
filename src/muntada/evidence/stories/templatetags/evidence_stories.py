"""Render the text of a part: safe Markdown with figures as links to their edition."""

import html
from collections.abc import Mapping
from dataclasses import replace

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from muntada.evidence.stories.models import StoryPart
from muntada.evidence.stories.pages import StoryFigure
from muntada.evidence.stories.rules import FigureRef, with_figures
from muntada.foundations.charts.numbers import figure
from muntada.foundations.languages import direction
from muntada.record.templatetags.record_text import to_html

register = template.Library()


@register.simple_tag
def story_text(part: StoryPart, figures: Mapping[FigureRef, StoryFigure], slug: str) -> SafeString:
    """`{% story_text part told.figures forum.slug %}`."""
    written = with_figures(to_html(part.text_here, slug), lambda one: _written(one, figures))
    language = part.text_language
    return format_html(
        '<div class="prose story-text" lang="{}" dir="{}">{}</div>',
        language,
        direction(language),
        mark_safe(written),  # noqa: S308  (safe HTML, in which numbers were put)
    )


def _written(reference: FigureRef, figures: Mapping[FigureRef, StoryFigure]) -> str:
    # In HTML, an ampersand in the name of an edition is escaped.
    told = figures.get(replace(reference, edition=html.unescape(reference.edition)))
    if told is None or told.observation is None:
        return format_html('<span class="tag warning">{}</span>', gettext("no number"))
    number = figure(told.observation.value, get_language() or "en")
    if told.observation.status == "unverified":
        return format_html(
            '<a class="told unverified" href="#fig-{}"><bdi>{}</bdi><span aria-hidden="true">*</span>'
            '<span class="visually-hidden"> ({})</span></a>',
            told.place,
            number,
            gettext("not verified"),
        )
    return format_html('<a class="told" href="#fig-{}"><bdi>{}</bdi></a>', told.place, number)
