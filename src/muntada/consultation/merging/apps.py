from django.apps import AppConfig


class ConsultationMergingConfig(AppConfig):
    name = "muntada.consultation.merging"
    label = "consultation_merging"
