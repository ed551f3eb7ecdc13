from django.urls import path

from muntada.programme.selection.views import scores, selection_decisions, selections

urlpatterns = [
    path("programme/selections", selections.selections, name="selections"),
    path("programme/selections/rules", selections.rules, name="selection_rules"),
    path("programme/selections/scores", scores.scores, name="scores"),
    path("programme/selections/scores.csv", scores.scores_template, {"form": "csv"}, name="scores_csv"),
    path("programme/selections/scores.xlsx", scores.scores_template, {"form": "xlsx"}, name="scores_xlsx"),
    path("programme/selections/<int:number>", selections.selection, name="selection"),
    path(
        "programme/selections/<int:number>/again",
        selections.start_selection_again,
        name="start_selection_again",
    ),
    path("programme/selections/<int:number>/stop", selections.stop_selection, name="stop_selection"),
    path(
        "programme/selections/<int:number>/compare", selections.compare_selections, name="compare_selections"
    ),
    path(
        "programme/selections/<int:number>/decisions",
        selection_decisions.selection_decisions,
        name="selection_decisions",
    ),
    path(
        "programme/selections/<int:number>/decisions/<int:symbol>",
        selection_decisions.planned,
        name="planned",
    ),
    path("p/<int:number>/pin", selections.pin, name="pin"),
]
