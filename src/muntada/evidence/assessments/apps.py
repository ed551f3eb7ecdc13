from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "muntada.evidence.assessments"
    label = "evidence_assessments"
