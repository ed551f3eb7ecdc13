from django.urls import path

from muntada.outcome.front import views

urlpatterns = [
    path("outcome", views.front, name="front"),
    path("l/<int:number>", views.paragraph, name="paragraph"),
]
