"""The addresses of the stage, by feature, in one namespace."""

from django.urls import include, path

from muntada.evidence.areas import urls as areas
from muntada.evidence.assessments import urls as assessments
from muntada.evidence.front import urls as front
from muntada.evidence.imports import urls as imports
from muntada.evidence.indexes import urls as indexes
from muntada.evidence.indicators import urls as indicators
from muntada.evidence.initiatives import urls as initiatives
from muntada.evidence.initiatives.views import initiatives as one_initiative
from muntada.evidence.partnering import pages as partnering_pages
from muntada.evidence.partnering import urls as partnering
from muntada.evidence.prizes import pages as prize_pages
from muntada.evidence.prizes import urls as prizes
from muntada.evidence.stories import urls as stories

app_name = "evidence"
# Panels of later features on the page of an initiative.
PANELS = {
    "above": (prize_pages.initiative_panel,),
    "below": (partnering_pages.initiative_panel,),
}
urlpatterns = [
    path("i/<int:number>", one_initiative.initiative, {"panels": PANELS}, name="initiative"),
    path("i/<int:number>/send-back", one_initiative.send_back, {"panels": PANELS}, name="send_back"),
    path("", include(front)),
    path("", include(partnering)),
    path("", include(prizes)),
    path("", include(indexes)),
    path("", include(imports)),
    path("", include(stories)),
    path("", include(initiatives)),
    path("", include(assessments)),
    path("", include(indicators)),
    path("", include(areas)),
]
