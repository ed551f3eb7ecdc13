from django.urls import path

from muntada.evidence.indexes import views

urlpatterns = [
    path("evidence/indexes", views.indexes, name="indexes"),
    path("evidence/indexes/new", views.make, name="make_index"),
    path("evidence/indexes/<int:number>", views.index, name="index"),
    path("evidence/indexes/<int:number>.csv", views.index_csv, name="index_csv"),
    path("evidence/indexes/<int:number>.json", views.index_json, name="index_json"),
    path("evidence/indexes/<int:number>/change", views.change, name="change_index"),
    path("evidence/indexes/<int:number>/compute", views.compute, name="compute_index"),
    path("evidence/indexes/<int:number>/remove", views.remove, name="remove_index"),
]
