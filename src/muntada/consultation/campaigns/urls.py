from django.urls import path

from muntada.consultation.campaigns import views

urlpatterns = [
    path("consultation/<slug:slug>/campaigns", views.campaign_list, name="campaigns"),
    path("consultation/<slug:slug>/campaigns/<int:pk>", views.campaign, name="campaign"),
    path("consultation/<slug:slug>/campaigns/<int:pk>/name", views.name_campaign, name="name_campaign"),
    path("c/<int:number>/campaign", views.split, name="split"),
]
