from django.urls import path

from muntada.meeting.reports import views

urlpatterns = [
    path("s/<int:number>/report", views.file_report, name="file_report"),
    path("r/<int:number>", views.report, name="report"),
]
