from django.urls import path

from muntada.programme.merging import views

urlpatterns = [
    path("programme/requests/merge", views.join_chosen, name="join_chosen"),
    path("programme/requests/overlaps", views.overlaps, name="overlaps"),
    path("p/<int:number>/merges/new", views.propose_joining, name="propose_joining"),
    path("p/<int:number>/merges/<int:pk>", views.joining, name="joining"),
    path("p/<int:number>/merges/<int:pk>/decide", views.decide_joining, name="decide_joining"),
]
