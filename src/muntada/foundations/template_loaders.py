"""Load templates without the white space of their source layout."""

import re

from django.template import Origin
from django.template.loaders import app_directories, filesystem

_DJANGO = r"\{%.*?%\}|\{\{.*?\}\}"
_QUOTED = rf'"(?:{_DJANGO}|[^"])*?"'
_TAG = re.compile(rf"<[a-zA-Z](?:{_DJANGO}|{_QUOTED}|[^<>])*>", re.DOTALL)
# The content of these elements is kept as written.
_AS_WRITTEN = re.compile(r"(<(?P<name>pre|textarea)\b.*?</(?P=name)>)|(?<=\n)[ \t]+", re.DOTALL)
_BEFORE_THE_END = re.compile(r"\s*\n\s*(?=/?>)")
_BETWEEN_ATTRIBUTES = re.compile(r"\s*\n\s*")
# A conditional attribute includes its leading space.
_AT_TIMES = re.compile(r" (\{% if [^%]*%\})((?:(?!\{% (?:if|elif|else|endif)\b).)*\{% endif %\})", re.DOTALL)


def without_layout(name: str, text: str) -> str:
    """Return a page template with each tag on one line and no indentation.

    The final line break is removed: after an included part it would become a space.
    """
    if not name.endswith(".html"):
        return text
    return _TAG.sub(_on_one_line, _AS_WRITTEN.sub(r"\1", text.removesuffix("\n")))


def _on_one_line(tag: re.Match[str]) -> str:
    text = _BETWEEN_ATTRIBUTES.sub(" ", _BEFORE_THE_END.sub("", tag[0]))
    return text if text == tag[0] else _AT_TIMES.sub(r"\1 \2", text)


class FilesystemLoader(filesystem.Loader):
    def get_contents(self, origin: Origin) -> str:
        return without_layout(origin.name, super().get_contents(origin))


class AppDirectoriesLoader(app_directories.Loader):
    def get_contents(self, origin: Origin) -> str:
        return without_layout(origin.name, super().get_contents(origin))
