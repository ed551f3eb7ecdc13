from django.urls import path

from muntada.consultation.merging import views

urlpatterns = [
    path("c/<int:number>/merge", views.propose, name="propose_merge"),
    path("c/<int:number>/merges/<int:pk>", views.merge, name="merge"),
    path("c/<int:number>/merges/<int:pk>/decide", views.decide, name="decide_merge"),
]
