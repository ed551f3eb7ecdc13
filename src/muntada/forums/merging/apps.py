from django.apps import AppConfig


class ForumsMergingConfig(AppConfig):
    name = "muntada.forums.merging"
    label = "forums_merging"
