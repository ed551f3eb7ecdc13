from django.apps import AppConfig


class SessionsConfig(AppConfig):
    name = "muntada.programme.sessions"
    label = "programme_sessions"
