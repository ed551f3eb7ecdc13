"""Names and shapes of opinion groups."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from muntada.consultation.opinion.pages import mark
from muntada.consultation.opinion.rules import BASIS_WORDS, Basis
from muntada.consultation.statements.templatetags.consultation_text import KEY_SIZE

register = template.Library()


@register.filter
def basis_name(basis: str) -> str:
    return str(BASIS_WORDS[Basis(basis)])


@register.simple_tag
def group_mark(index: int | None) -> SafeString:
    """`{% group_mark 0 %}`: the shape of a group."""
    path = mark(-1 if index is None else index, 10, 10, KEY_SIZE)
    return format_html(
        '<svg viewBox="0 0 20 20" aria-hidden="true" focusable="false"><path d="{}"/></svg>', path
    )
