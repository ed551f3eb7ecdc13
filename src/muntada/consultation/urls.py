"""The addresses of the stage, by feature, in one namespace."""

from django.urls import include, path

from muntada.consultation.balance import urls as balance
from muntada.consultation.calls import urls as calls
from muntada.consultation.campaigns import urls as campaigns
from muntada.consultation.contributions import urls as contributions
from muntada.consultation.front import urls as front
from muntada.consultation.merging import urls as merging
from muntada.consultation.opinion import urls as opinion
from muntada.consultation.replies import urls as replies
from muntada.consultation.statements import urls as statements
from muntada.consultation.themes import urls as themes

app_name = "consultation"
# In reverse order of features: addresses with variable segments come last.
urlpatterns = [
    path("", include(calls)),
    path("", include(contributions)),
    path("", include(statements)),
    path("", include(opinion)),
    path("", include(balance)),
    path("", include(themes)),
    path("", include(replies)),
    path("", include(merging)),
    path("", include(campaigns)),
    path("", include(front)),
]
