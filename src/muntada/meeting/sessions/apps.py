from django.apps import AppConfig


class SessionsConfig(AppConfig):
    name = "muntada.meeting.sessions"
    label = "meeting_sessions"
