"""All addresses: accounts, the pages of the forums, the interface for programs."""

from django.urls import URLPattern, URLResolver, include, path

from muntada.api.interface import interface
from muntada.foundations.long_texts import unread_page
from muntada.foundations.pages import defect_page

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", include("muntada.people.urls")),
    path("account/", include("allauth.urls")),
    path("api/", interface.urls),
    path("", include("muntada.home.urls")),
    path("<slug:forum>/", include("muntada.evidence.urls")),
    path("<slug:forum>/", include("muntada.consultation.urls")),
    path("<slug:forum>/", include("muntada.programme.urls")),
    path("<slug:forum>/", include("muntada.meeting.urls")),
    path("<slug:forum>/", include("muntada.review.urls")),
    path("<slug:forum>/", include("muntada.outcome.urls")),
]

handler400 = unread_page
handler500 = defect_page
