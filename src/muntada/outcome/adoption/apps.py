from django.apps import AppConfig


class AdoptionConfig(AppConfig):
    name = "muntada.outcome.adoption"
    label = "outcome_adoption"
