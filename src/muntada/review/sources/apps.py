from django.apps import AppConfig


class SourcesConfig(AppConfig):
    name = "muntada.review.sources"
    label = "review_sources"
