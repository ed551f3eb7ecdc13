from django.urls import path

from muntada.programme.public import views

urlpatterns = [
    path("programme", views.front, name="front"),
    path("programme/people", views.who_takes_part, name="who_takes_part"),
    path("programme/offline.js", views.offline, name="offline"),
    path("programme/mine", views.mine, name="mine"),
    path("programme/mine/marked", views.take_over, name="take_over"),
    path("programme/mine/calendar", views.give_calendar, name="give_calendar"),
    path("programme/mine/<str:key>.ics", views.calendar, name="favourite_calendar"),
    path("s/<int:number>/mark", views.mark, name="mark"),
    path("programme/releases/<int:number>", views.release, name="release"),
]
