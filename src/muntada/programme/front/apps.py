from django.apps import AppConfig


class FrontConfig(AppConfig):
    name = "muntada.programme.front"
    label = "programme_front"
