from django.urls import path

from muntada.evidence.areas import views

urlpatterns = [
    path("evidence/areas", views.areas, name="areas"),
]
