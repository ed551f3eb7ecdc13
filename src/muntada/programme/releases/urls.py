from django.urls import path

from muntada.programme.releases import views

urlpatterns = [
    path("programme/releases", views.releases, name="releases"),
    path("programme/timetables/<int:number>/publish", views.publish, name="publish"),
]
