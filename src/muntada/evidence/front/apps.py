from django.apps import AppConfig


class FrontConfig(AppConfig):
    name = "muntada.evidence.front"
    label = "evidence_front"
