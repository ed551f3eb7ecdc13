from django.apps import AppConfig


class PartneringConfig(AppConfig):
    name = "muntada.evidence.partnering"
    label = "evidence_partnering"
