from django.urls import path

from muntada.evidence.prizes.views import holding, judging, rounds

SHOWCASE = "evidence/showcase/<slug:edition>"
urlpatterns = [
    path("evidence/showcase", rounds.showcases, name="showcases"),
    path("evidence/showcase/new", holding.new, name="showcase_new"),
    path(SHOWCASE, rounds.showcase, name="showcase"),
    path(f"{SHOWCASE}/enter", rounds.enter, name="showcase_enter"),
    path(f"{SHOWCASE}/entries/<int:pk>/withdraw", rounds.withdraw_entry, name="showcase_withdraw"),
    path(f"{SHOWCASE}/vote", rounds.vote, name="showcase_vote"),
    path(f"{SHOWCASE}/vote/<int:pk>/take-back", rounds.take_back, name="showcase_take_back"),
    path(f"{SHOWCASE}/results.csv", rounds.results, name="showcase_results"),
    path(f"{SHOWCASE}/judge", judging.judge, name="showcase_judge"),
    path(f"{SHOWCASE}/judge/<int:pk>", judging.judge_entry, name="showcase_judge_entry"),
    path(f"{SHOWCASE}/judge/<int:pk>/conflict", judging.declare, name="showcase_conflict"),
    path(f"{SHOWCASE}/judge/<int:pk>/take-back", judging.take_back, name="showcase_judge_back"),
    path(f"{SHOWCASE}/judge/<int:pk>/wins", judging.pick, name="showcase_pick"),
    path(f"{SHOWCASE}/hold", holding.hold, name="showcase_hold"),
    path(f"{SHOWCASE}/hold/rules", holding.rules, name="showcase_rules"),
    path(f"{SHOWCASE}/hold/open", holding.open_it, name="showcase_open"),
    path(f"{SHOWCASE}/hold/drop", holding.drop, name="showcase_drop"),
    path(f"{SHOWCASE}/hold/phases/<slug:phase>", holding.move, name="showcase_move"),
    path(f"{SHOWCASE}/hold/categories", holding.categories, name="showcase_categories"),
    path(f"{SHOWCASE}/hold/categories/<int:pk>", holding.category, name="showcase_category"),
    path(
        f"{SHOWCASE}/hold/categories/<int:pk>/remove",
        holding.remove_category,
        name="showcase_remove_category",
    ),
    path(f"{SHOWCASE}/hold/experts", holding.experts, name="showcase_experts"),
    path(f"{SHOWCASE}/hold/experts/<int:pk>/end", holding.end_expert, name="showcase_end_expert"),
    path(f"{SHOWCASE}/hold/decide", holding.decide, name="showcase_decide"),
    path(f"{SHOWCASE}/hold/decide/<int:pk>", holding.settle, name="showcase_settle"),
    path(f"{SHOWCASE}/hold/announce", holding.announce, name="showcase_announce"),
]
