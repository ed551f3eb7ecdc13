from django.urls import path

from muntada.review.returns import views

urlpatterns = [
    path("review/lines/<str:code>/write", views.write_return, name="write_return"),
    path("b/<int:number>", views.return_page, name="return"),
]
