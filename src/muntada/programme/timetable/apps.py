from django.apps import AppConfig


class TimetableConfig(AppConfig):
    name = "muntada.programme.timetable"
    label = "programme_timetable"
