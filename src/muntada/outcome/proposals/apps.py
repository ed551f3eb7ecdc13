from django.apps import AppConfig


class ProposalsConfig(AppConfig):
    name = "muntada.outcome.proposals"
    label = "outcome_proposals"
