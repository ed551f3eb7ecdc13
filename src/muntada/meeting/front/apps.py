from django.apps import AppConfig


class FrontConfig(AppConfig):
    name = "muntada.meeting.front"
    label = "meeting_front"
