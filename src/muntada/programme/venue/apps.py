from django.apps import AppConfig


class VenueConfig(AppConfig):
    name = "muntada.programme.venue"
    label = "programme_venue"
