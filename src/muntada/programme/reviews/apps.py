from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "muntada.programme.reviews"
    label = "programme_reviews"
