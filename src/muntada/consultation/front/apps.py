from django.apps import AppConfig


class ConsultationFrontConfig(AppConfig):
    name = "muntada.consultation.front"
    label = "consultation_front"
