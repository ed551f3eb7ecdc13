from django.apps import AppConfig


class ProgrammeFrontConfig(AppConfig):
    name = "muntada.programme.front"
    label = "programme_front"
