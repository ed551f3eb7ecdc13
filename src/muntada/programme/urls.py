"""The addresses of the stage, by feature, in one namespace."""

from django.urls import include, path

from muntada.programme.changes import urls as changes
from muntada.programme.constraints import urls as constraints
from muntada.programme.exports import urls as exports
from muntada.programme.front import urls as front
from muntada.programme.imports import urls as imports
from muntada.programme.merging import urls as merging
from muntada.programme.public import urls as public
from muntada.programme.releases import urls as releases
from muntada.programme.requests import urls as requests
from muntada.programme.reviews import urls as reviews
from muntada.programme.selection import urls as selection
from muntada.programme.speakers import urls as speakers
from muntada.programme.timetable import urls as timetable
from muntada.programme.venue import urls as venue

app_name = "programme"
urlpatterns = [
    path("", include(front)),
    path("", include(public)),
    path("", include(exports)),
    path("", include(merging)),
    path("", include(changes)),
    path("", include(venue)),
    path("", include(speakers)),
    path("", include(releases)),
    path("", include(imports)),
    path("", include(timetable)),
    path("", include(selection)),
    path("", include(constraints)),
    path("", include(reviews)),
    path("", include(requests)),
]
