from django.apps import AppConfig


class MeetingSessionsConfig(AppConfig):
    name = "muntada.meeting.sessions"
    label = "meeting_sessions"
