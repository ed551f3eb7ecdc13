from django.apps import AppConfig


class AreasConfig(AppConfig):
    name = "muntada.evidence.areas"
    label = "evidence_areas"
