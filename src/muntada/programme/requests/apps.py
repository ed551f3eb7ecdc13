from django.apps import AppConfig


class RequestsConfig(AppConfig):
    name = "muntada.programme.requests"
    label = "programme_requests"
