from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    name = "muntada.programme.decisions"
    label = "programme_decisions"
