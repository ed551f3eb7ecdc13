from django.urls import path

from muntada.consultation.opinion import views

urlpatterns = [
    path("consultation/<slug:slug>/map", views.opinion_map, name="map"),
    path("consultation/<slug:slug>/map/<int:pk>", views.opinion_map, name="map_then"),
    path("consultation/<slug:slug>/map/voices", views.who_spoke, name="voices"),
    path("consultation/<slug:slug>/map/votes.zip", views.download, name="map_data"),
    path("consultation/<slug:slug>/map/map.json", views.as_json, name="map_json"),
    path("consultation/<slug:slug>/map/weights", views.weights, name="weights"),
    path("consultation/<slug:slug>/map/weights/<str:key>", views.weigh, name="weigh"),
]
