"""The addresses of the stage, by feature, in one namespace."""

from django.urls import include, path

from muntada.outcome.adoption import urls as adoption
from muntada.outcome.commitments import urls as commitments
from muntada.outcome.front import urls as front
from muntada.outcome.proposals import urls as proposals
from muntada.outcome.texts import urls as texts

app_name = "outcome"
urlpatterns = [
    path("", include(texts)),
    path("", include(proposals)),
    path("", include(commitments)),
    path("", include(adoption)),
    path("", include(front)),
]
