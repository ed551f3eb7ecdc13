from django.apps import AppConfig


class ChangesConfig(AppConfig):
    name = "muntada.programme.changes"
    label = "programme_changes"
