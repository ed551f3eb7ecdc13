from django.urls import path

from muntada.review import views

app_name = "review"
urlpatterns = [
    path("review", views.front, name="front"),
    path("review/propose", views.propose, name="propose"),
    path("review/lines/<str:code>/write", views.write_return, name="write_return"),
    path("b/<int:number>", views.return_page, name="return"),
    path("f/<int:number>", views.finding, name="finding"),
    path("f/<int:number>/change", views.change, name="change"),
    path("f/<int:number>/settle", views.settle, name="settle"),
]
