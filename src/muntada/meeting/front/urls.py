from django.urls import path

from muntada.meeting.front import views

urlpatterns = [
    path("meeting", views.front, name="front"),
    path("s/<int:number>", views.session, name="session"),
    path("s/<int:number>/ask", views.ask, name="ask"),
]
