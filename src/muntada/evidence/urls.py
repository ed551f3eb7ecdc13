from django.urls import path

from muntada.evidence import views

app_name = "evidence"
urlpatterns = [
    path("evidence", views.front, name="front"),
    path("evidence/register", views.register, name="register"),
    path("i/<int:number>", views.initiative, name="initiative"),
    path("i/<int:number>/withdraw", views.withdraw, name="withdraw"),
    path("d/<int:number>", views.indicator, name="indicator"),
    path("d/<int:number>.csv", views.numbers, name="numbers"),
]
