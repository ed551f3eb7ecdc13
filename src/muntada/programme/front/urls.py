from django.urls import path

from muntada.programme.front.views import decisions, demand, requests, workspace, writing

urlpatterns = [
    path("programme/requests", requests.requests, name="requests"),
    path("p/<int:number>/withdraw", writing.withdraw, name="withdraw"),
    path("p/<int:number>", requests.session_request, name="request"),
    path("p/<int:number>/decide", decisions.decide, name="decide"),
    path("programme/workspace", workspace.workspace, name="workspace"),
    path("programme/demand", demand.demand, name="demand"),
]
