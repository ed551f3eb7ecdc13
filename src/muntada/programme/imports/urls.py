from django.urls import path

from muntada.programme.imports import views

urlpatterns = [
    path("programme/files", views.files, name="files"),
    path("programme/files/requests.<slug:form>", views.template, name="requests_template"),
]
