from django.urls import path

from muntada.people import views

app_name = "people"
urlpatterns = [
    path("me", views.account, name="account"),
    path("me/withdraw", views.withdraw_name, name="withdraw_name"),
    path("me/organisation", views.claim, name="claim"),
    path("affiliation/<int:affiliation>/confirm", views.vouch, name="vouch"),
    path("affiliation/<int:affiliation>/end", views.leave, name="leave"),
    path("password/<path:rest>", views.no_passwords, name="no_passwords"),
    path("link/<str:token>", views.follow_link, name="link"),
]
