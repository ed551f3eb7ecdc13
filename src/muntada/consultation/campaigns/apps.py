from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "muntada.consultation.campaigns"
    label = "consultation_campaigns"
