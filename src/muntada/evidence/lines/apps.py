from django.apps import AppConfig


class LinesConfig(AppConfig):
    name = "muntada.evidence.lines"
    label = "evidence_lines"
