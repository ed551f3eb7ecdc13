from django.apps import AppConfig


class ReviewFrontConfig(AppConfig):
    name = "muntada.review.front"
    label = "review_front"
