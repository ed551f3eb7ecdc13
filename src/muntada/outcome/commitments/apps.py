from django.apps import AppConfig


class CommitmentsConfig(AppConfig):
    name = "muntada.outcome.commitments"
    label = "outcome_commitments"
