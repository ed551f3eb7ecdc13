from django.urls import path

from muntada.programme.requests.views import checks, request_forms, writing

urlpatterns = [
    path("programme/requests/new", writing.new_request, name="new_request"),
    path("programme/requests/draft/<int:number>", writing.draft, name="draft"),
    path("programme/requests/draft/<int:number>/drop", writing.drop_draft, name="drop_draft"),
    path("programme/requests/copies/<int:pk>", writing.copy, name="request_copy"),
    path("programme/requests/forms", request_forms.request_forms, name="request_forms"),
    path("programme/requests/forms/<slug:kind>", request_forms.request_form, name="request_form"),
    path("p/<int:number>/edit", writing.edit_request, name="edit_request"),
    path("programme/requests/rules", checks.checks, name="checks"),
]
