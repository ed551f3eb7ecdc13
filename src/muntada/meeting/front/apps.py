from django.apps import AppConfig


class MeetingFrontConfig(AppConfig):
    name = "muntada.meeting.front"
    label = "meeting_front"
