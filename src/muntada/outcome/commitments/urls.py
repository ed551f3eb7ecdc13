from django.urls import path

from muntada.outcome.commitments import views

urlpatterns = [
    path("outcome/commitments", views.commitments, name="commitments"),
    path("l/<int:number>/commit", views.commit, name="commit"),
    path("k/<int:number>", views.commitment, name="commitment"),
    path("k/<int:number>/report", views.report, name="report"),
]
