from django.apps import AppConfig


class IndexesConfig(AppConfig):
    name = "muntada.evidence.indexes"
    label = "evidence_indexes"
