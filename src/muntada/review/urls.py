"""The addresses of the stage, by feature, in one namespace."""

from django.urls import include, path

from muntada.review.findings import urls as findings
from muntada.review.front import urls as front
from muntada.review.returns import urls as returns

app_name = "review"
urlpatterns = [
    path("", include(returns)),
    path("", include(findings)),
    path("", include(front)),
]
