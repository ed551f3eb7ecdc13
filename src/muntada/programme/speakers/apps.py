from django.apps import AppConfig


class SpeakersConfig(AppConfig):
    name = "muntada.programme.speakers"
    label = "programme_speakers"
