from django.urls import path

from muntada.meeting import views

app_name = "meeting"
urlpatterns = [
    path("meeting", views.front, name="front"),
    path("s/<int:number>", views.session, name="session"),
    path("s/<int:number>/questions", views.questions, name="questions"),
    path("s/<int:number>/ask", views.ask, name="ask"),
    path("s/<int:number>/report", views.file_report, name="file_report"),
    path("q/<int:number>", views.question, name="question"),
    path("q/<int:number>/support", views.support, name="support"),
    path("q/<int:number>/answer", views.answer, name="answer"),
    path("r/<int:number>", views.report, name="report"),
]
