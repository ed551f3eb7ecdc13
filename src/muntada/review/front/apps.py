from django.apps import AppConfig


class FrontConfig(AppConfig):
    name = "muntada.review.front"
    label = "review_front"
