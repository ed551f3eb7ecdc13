from django.urls import path

from muntada.outcome.proposals import views

urlpatterns = [
    path("l/<int:number>/propose", views.propose, name="propose"),
    path("a/<int:number>", views.proposal, name="proposal"),
    path("a/<int:number>/decide", views.decide, name="decide"),
]
