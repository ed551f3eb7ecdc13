from django.apps import AppConfig


class MergingConfig(AppConfig):
    name = "muntada.consultation.merging"
    label = "consultation_merging"
