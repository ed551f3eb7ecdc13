from django.apps import AppConfig


class EvidenceImportsConfig(AppConfig):
    name = "muntada.evidence.imports"
    label = "evidence_imports"
