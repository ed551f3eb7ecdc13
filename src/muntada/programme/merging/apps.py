from django.apps import AppConfig


class ProgrammeMergingConfig(AppConfig):
    name = "muntada.programme.merging"
    label = "programme_merging"
