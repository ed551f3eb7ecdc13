from django.apps import AppConfig


class TextsConfig(AppConfig):
    name = "muntada.outcome.texts"
    label = "outcome_texts"
