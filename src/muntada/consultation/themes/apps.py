from django.apps import AppConfig


class ThemesConfig(AppConfig):
    name = "muntada.consultation.themes"
    label = "consultation_themes"
