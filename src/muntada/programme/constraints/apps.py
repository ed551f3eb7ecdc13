from django.apps import AppConfig


class ConstraintsConfig(AppConfig):
    name = "muntada.programme.constraints"
    label = "programme_constraints"
