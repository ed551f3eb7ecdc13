from django.apps import AppConfig


class StoriesConfig(AppConfig):
    name = "muntada.evidence.stories"
    label = "evidence_stories"
