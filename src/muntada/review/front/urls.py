from django.urls import path

from muntada.review.front import views

urlpatterns = [
    path("review", views.front, name="front"),
]
