from django.apps import AppConfig


class BalanceConfig(AppConfig):
    name = "muntada.consultation.balance"
    label = "consultation_balance"
