from django.apps import AppConfig


class ContributionsConfig(AppConfig):
    name = "muntada.consultation.contributions"
    label = "consultation_contributions"
