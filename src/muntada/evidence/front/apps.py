from django.apps import AppConfig


class EvidenceFrontConfig(AppConfig):
    name = "muntada.evidence.front"
    label = "evidence_front"
