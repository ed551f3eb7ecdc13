from django.apps import AppConfig


class StatementsConfig(AppConfig):
    name = "muntada.consultation.statements"
    label = "consultation_statements"
