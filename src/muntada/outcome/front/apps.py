from django.apps import AppConfig


class OutcomeFrontConfig(AppConfig):
    name = "muntada.outcome.front"
    label = "outcome_front"
