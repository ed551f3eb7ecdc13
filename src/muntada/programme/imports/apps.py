from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "muntada.programme.imports"
    label = "programme_imports"
