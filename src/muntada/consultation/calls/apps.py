from django.apps import AppConfig


class CallsConfig(AppConfig):
    name = "muntada.consultation.calls"
    label = "consultation_calls"
