"""The addresses of the stage, by feature, in one namespace."""

from django.urls import include, path

from muntada.consultation.balance import urls as balance
from muntada.consultation.calls import urls as calls
from muntada.consultation.campaigns import urls as campaigns
from muntada.consultation.contributions import urls as contributions
from muntada.consultation.front import urls as front
from muntada.consultation.merging import urls as merging
from muntada.consultation.opinion import urls as opinion
from muntada.consultation.replies import pages as reply_pages
from muntada.consultation.replies import urls as replies
from muntada.consultation.statements import urls as statements
from muntada.consultation.statements.views import moderation
from muntada.consultation.statements.views import statements as one_statement
from muntada.consultation.themes import urls as themes
from muntada.consultation.themes import views as one_theme

app_name = "consultation"
# What replies add to the page of a statement and to the list of a theme.
PANELS = {"panels": (reply_pages.statement_panel,)}
ENTRY = {"entry": reply_pages.CONTRIBUTION_ENTRY}
# In reverse order of features: addresses with variable segments come last.
urlpatterns = [
    path("t/<int:number>", one_statement.statement, PANELS, name="statement"),
    path("t/<int:number>/moderate", moderation.moderate, PANELS, name="moderate"),
    path("t/<int:number>/decide", moderation.decide, PANELS, name="decide_statement"),
    path("m/<int:number>", one_theme.theme, ENTRY, name="theme"),
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
