from django.urls import path

from muntada.programme.constraints import views

urlpatterns = [
    path("programme/sessions/<int:number>/ties", views.session_ties, name="session_ties"),
    path("programme/timetable-rules", views.timetable_rules, name="timetable_rules"),
    path("programme/timetable-rules/series", views.series, name="new_series"),
    path("programme/timetable-rules/series/<int:pk>", views.series, name="series"),
    path("programme/timetable-rules/apart", views.apart, name="new_apart"),
    path("programme/timetable-rules/apart/<int:pk>", views.apart, name="apart"),
]
