from django.apps import AppConfig


class FrontConfig(AppConfig):
    name = "muntada.consultation.front"
    label = "consultation_front"
