from django.urls import path

from muntada.evidence.partnering import views

urlpatterns = [
    path("evidence/partnering", views.partnering, name="partnering"),
    path("evidence/partnering/own", views.own_partnering, name="own_partnering"),
    path("evidence/partnering/new", views.enter, name="enter_partnering"),
    path("evidence/partnering/<int:pk>", views.entry, name="partnering_entry"),
    path("evidence/partnering/<int:pk>/edit", views.change, name="change_partnering"),
    path("evidence/partnering/<int:pk>/close", views.close, name="close_partnering"),
    path("evidence/partnering/<int:pk>/write", views.write, name="introduce"),
    path("evidence/partnering/letters/<int:pk>", views.introduction, name="introduction"),
]
