from django.urls import path

from muntada.evidence.front import views

urlpatterns = [
    path("evidence", views.front, name="front"),
]
