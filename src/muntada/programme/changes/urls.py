from django.urls import path

from muntada.programme.changes import views

urlpatterns = [
    path("programme/requests/waiting", views.waiting, name="waiting"),
    path("programme/requests/waiting/<int:pk>", views.decide_place, name="decide_place"),
    path("p/<int:number>/give-back", views.give_back, name="give_back"),
    path("programme/sessions/<int:number>", views.edit_session, name="edit_session"),
    path(
        "programme/sessions/<int:number>/people/<int:person>/hours",
        views.person_hours,
        name="person_hours",
    ),
]
