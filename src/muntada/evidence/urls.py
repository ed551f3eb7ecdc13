from django.urls import path

from muntada.evidence.views import front, indicators, initiatives

app_name = "evidence"
urlpatterns = [
    path("evidence", front.front, name="front"),
    path("evidence/register", initiatives.register, name="register"),
    path("i/<int:number>", initiatives.initiative, name="initiative"),
    path("i/<int:number>/withdraw", initiatives.withdraw, name="withdraw"),
    path("d/<int:number>", indicators.indicator, name="indicator"),
    path("d/<int:number>.csv", indicators.numbers, name="numbers"),
]
