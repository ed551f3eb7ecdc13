from django.apps import AppConfig


class ExportsConfig(AppConfig):
    name = "muntada.programme.exports"
    label = "programme_exports"
