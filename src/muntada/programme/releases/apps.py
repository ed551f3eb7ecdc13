from django.apps import AppConfig


class ReleasesConfig(AppConfig):
    name = "muntada.programme.releases"
    label = "programme_releases"
