from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "muntada.evidence.imports"
    label = "evidence_imports"
