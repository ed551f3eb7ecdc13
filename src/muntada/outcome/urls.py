from django.urls import path

from muntada.outcome import views

app_name = "outcome"
urlpatterns = [
    path("outcome", views.front, name="front"),
    path("outcome/begin", views.open_draft, name="open_draft"),
    path("outcome/paragraph", views.write_paragraph, name="write_paragraph"),
    path("outcome/adopt", views.adopt, name="adopt"),
    path("outcome/commitments", views.commitments, name="commitments"),
    path("l/<int:number>", views.paragraph, name="paragraph"),
    path("l/<int:number>/change", views.change_paragraph, name="change_paragraph"),
    path("l/<int:number>/mark", views.mark_paragraph, name="mark_paragraph"),
    path("l/<int:number>/propose", views.propose, name="propose"),
    path("l/<int:number>/commit", views.commit, name="commit"),
    path("a/<int:number>", views.proposal, name="proposal"),
    path("a/<int:number>/decide", views.decide, name="decide"),
    path("k/<int:number>", views.commitment, name="commitment"),
    path("k/<int:number>/report", views.report, name="report"),
]
