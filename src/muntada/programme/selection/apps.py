from django.apps import AppConfig


class SelectionConfig(AppConfig):
    name = "muntada.programme.selection"
    label = "programme_selection"
