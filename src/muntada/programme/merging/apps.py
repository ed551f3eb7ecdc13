from django.apps import AppConfig


class MergingConfig(AppConfig):
    name = "muntada.programme.merging"
    label = "programme_merging"
