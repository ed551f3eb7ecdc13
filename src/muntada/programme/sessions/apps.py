from django.apps import AppConfig


class ProgrammeSessionsConfig(AppConfig):
    name = "muntada.programme.sessions"
    label = "programme_sessions"
