"""The addresses of the stage, by feature, in one namespace."""

from django.urls import include, path

from muntada.meeting.front import urls as front
from muntada.meeting.questions import urls as questions
from muntada.meeting.reports import urls as reports

app_name = "meeting"
urlpatterns = [
    path("", include(reports)),
    path("", include(questions)),
    path("", include(front)),
]
