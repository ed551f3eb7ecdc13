from django.apps import AppConfig


class FrontConfig(AppConfig):
    name = "muntada.outcome.front"
    label = "outcome_front"
