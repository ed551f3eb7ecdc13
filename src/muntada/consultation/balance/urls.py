from django.urls import path

from muntada.consultation.balance import views

urlpatterns = [
    path("consultation/balance", views.balance_of_all, name="balance"),
    path("consultation/balance/invite.csv", views.invite, name="invite"),
    path("consultation/balance/references", views.references, name="references"),
    path("consultation/balance/references/<str:key>", views.compare, name="compare"),
    path("consultation/<slug:slug>/balance", views.balance_of_call, name="call_balance"),
    path("consultation/<slug:slug>/balance/invite.csv", views.invite, name="call_invite"),
]
