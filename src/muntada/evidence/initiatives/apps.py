from django.apps import AppConfig


class InitiativesConfig(AppConfig):
    name = "muntada.evidence.initiatives"
    label = "evidence_initiatives"
