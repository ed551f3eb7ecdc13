from django.urls import path

from muntada.outcome.texts import views

urlpatterns = [
    path("outcome/begin", views.open_draft, name="open_draft"),
    path("outcome/paragraph", views.write_paragraph, name="write_paragraph"),
    path("l/<int:number>/change", views.change_paragraph, name="change_paragraph"),
    path("l/<int:number>/mark", views.mark_paragraph, name="mark_paragraph"),
]
