from django.urls import path

from muntada.outcome.adoption import views

urlpatterns = [
    path("outcome/adopt", views.adopt, name="adopt"),
]
