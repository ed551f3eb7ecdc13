from django.urls import path

from muntada.programme.venue import views

urlpatterns = [
    path("programme/rooms", views.rooms, name="rooms"),
    path("programme/rooms/<int:number>", views.room, name="room"),
    path("programme/rooms/<int:number>/remove", views.remove, name="remove_room"),
    path("programme/buildings", views.buildings, name="buildings"),
    path("programme/slots/<slug:day>", views.slots, name="slots"),
]
