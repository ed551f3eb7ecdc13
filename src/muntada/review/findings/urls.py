from django.urls import path

from muntada.review.findings import views

urlpatterns = [
    path("review/propose", views.propose, name="propose"),
    path("f/<int:number>", views.finding, name="finding"),
    path("f/<int:number>/change", views.change, name="change"),
    path("f/<int:number>/settle", views.settle, name="settle"),
]
