from django.urls import path

from muntada.consultation.front.views import calls, contributions, lists, meetings, preparing

urlpatterns = [
    path("consultation", calls.front, name="front"),
    path("consultation/<slug:slug>", calls.call, name="call"),
    path("consultation/<slug:slug>/prepare", preparing.prepare, name="prepare"),
    path("consultation/<slug:slug>/prepare/extend", preparing.extend, name="extend"),
    path("consultation/<slug:slug>/meetings/<int:number>", meetings.meeting, name="meeting"),
    path("consultation/<slug:slug>/contributions", lists.contribution_list, name="contributions"),
    path("consultation/<slug:slug>/contributions/feed.<str:form>", lists.feed, name="feed"),
    path("consultation/<slug:slug>/contributions/download.<str:form>", lists.download, name="download"),
    path("c/<int:number>", contributions.contribution, name="contribution"),
    path("c/<int:number>/statement", contributions.take_statement, name="take_statement"),
]
