from django.urls import path

from muntada.programme.speakers import views

urlpatterns = [
    path("programme/requests/<int:pk>/people", views.people, name="people"),
    path("programme/requests/<int:pk>/people/new", views.new_speaker, name="new_speaker"),
    path("programme/requests/<int:pk>/people/me", views.myself, name="myself"),
    path("programme/requests/<int:pk>/people/step", views.step, name="people_step"),
    path("programme/requests/<int:pk>/people/<int:speaker>", views.speaker, name="speaker"),
    path("programme/requests/<int:pk>/people/<int:speaker>/hours", views.hours, name="speaker_hours"),
    path("programme/requests/<int:pk>/organisers/new", views.new_co_organiser, name="new_co_organiser"),
    path("programme/requests/<int:pk>/organisers/<int:organiser>", views.co_organiser, name="co_organiser"),
    path("programme/asked/<str:token>", views.asked, name="asked"),
]
