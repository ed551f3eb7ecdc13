from django.apps import AppConfig


class PrizesConfig(AppConfig):
    name = "muntada.evidence.prizes"
    label = "evidence_prizes"
