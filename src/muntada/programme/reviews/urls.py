from django.urls import path

from muntada.programme.reviews import views

urlpatterns = [
    path("programme/reviews", views.mine, name="reviews"),
    path("programme/reviews/all", views.overview, name="review_overview"),
    path("programme/reviews/terms", views.terms, name="review_terms"),
    path("p/<int:number>/review", views.review, name="review"),
    path("p/<int:number>/reviewers", views.ask, name="ask_reviewer"),
]
