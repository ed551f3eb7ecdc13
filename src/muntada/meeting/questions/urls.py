from django.urls import path

from muntada.meeting.questions import views

urlpatterns = [
    path("s/<int:number>/questions", views.questions, name="questions"),
    path("q/<int:number>", views.question, name="question"),
    path("q/<int:number>/support", views.support, name="support"),
    path("q/<int:number>/answer", views.answer, name="answer"),
]
