from django.apps import AppConfig


class OpinionConfig(AppConfig):
    name = "muntada.consultation.opinion"
    label = "consultation_opinion"
