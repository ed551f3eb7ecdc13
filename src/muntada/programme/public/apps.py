from django.apps import AppConfig


class PublicConfig(AppConfig):
    name = "muntada.programme.public"
    label = "programme_public"
