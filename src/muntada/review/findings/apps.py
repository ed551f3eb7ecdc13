from django.apps import AppConfig


class FindingsConfig(AppConfig):
    name = "muntada.review.findings"
    label = "review_findings"
