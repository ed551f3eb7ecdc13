from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "muntada.evidence.indicators"
    label = "evidence_indicators"
