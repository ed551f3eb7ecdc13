from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "muntada.meeting.reports"
    label = "meeting_reports"
