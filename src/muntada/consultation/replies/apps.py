from django.apps import AppConfig


class RepliesConfig(AppConfig):
    name = "muntada.consultation.replies"
    label = "consultation_replies"
