from django.urls import path

from muntada.evidence.imports import views

urlpatterns = [
    path("evidence/imports", views.imports, name="imports"),
    path("evidence/imports/empty.csv", views.empty_table, name="empty_import"),
    path("evidence/imports/<int:pk>", views.one_import, name="import"),
    path("evidence/imports/<int:pk>/columns", views.columns, name="columns"),
    path("evidence/imports/<int:pk>/take-in", views.take_in, name="take_in"),
    path("evidence/imports/<int:pk>/again", views.look_again, name="look_again"),
    path("evidence/imports/<int:pk>/withdraw", views.withdraw, name="withdraw_import"),
    path("evidence/imports/<int:pk>/throw-away", views.throw_away, name="throw_away"),
]
