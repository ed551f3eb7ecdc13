from django.apps import AppConfig


class ProgrammeImportsConfig(AppConfig):
    name = "muntada.programme.imports"
    label = "programme_imports"
