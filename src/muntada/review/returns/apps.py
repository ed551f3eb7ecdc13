from django.apps import AppConfig


class ReturnsConfig(AppConfig):
    name = "muntada.review.returns"
    label = "review_returns"
