from django.urls import path

from muntada.evidence.initiatives.views import cooperation, duplicates, initiatives, lists, maps, uploads

urlpatterns = [
    path("evidence/initiatives", lists.initiatives, name="initiatives"),
    path("evidence/initiatives/map", maps.initiatives_map, name="initiatives_map"),
    path("evidence/initiatives/waiting", lists.waiting, name="waiting"),
    path("evidence/initiatives/mine", lists.mine, name="mine"),
    path("evidence/initiatives/tables", uploads.tables, name="tables"),
    path("evidence/initiatives/tables/<int:pk>", uploads.table, name="table"),
    path("evidence/initiatives/empty.csv", uploads.empty_table, name="empty_table"),
    path("evidence/initiatives.csv", uploads.download, {"form": "csv"}, name="download_csv"),
    path("evidence/initiatives.xlsx", uploads.download, {"form": "xlsx"}, name="download_xlsx"),
    path("evidence/initiatives/duplicates", duplicates.duplicates, name="duplicates"),
    path("evidence/initiatives/duplicates/look", duplicates.look, name="look_for_duplicates"),
    path("evidence/initiatives/duplicates/<int:pk>", duplicates.pair, name="duplicate"),
    path("evidence/initiatives/duplicates/<int:pk>/decide", duplicates.decide, name="decide_duplicate"),
    path("evidence/register", initiatives.register, name="register"),
    path("evidence/cooperation", cooperation.network, name="cooperation"),
    path("evidence/cooperation/nodes.csv", cooperation.nodes, name="cooperation_nodes"),
    path("evidence/cooperation/edges.csv", cooperation.edges, name="cooperation_edges"),
    path("evidence/cooperation/<str:member>", cooperation.member, name="cooperation_member"),
    path("i/<int:number>/edit", initiatives.edit, name="edit"),
    path("i/<int:number>/confirm", initiatives.confirm, name="confirm"),
    path("i/<int:number>/publish", initiatives.publish, name="publish"),
    path("i/<int:number>/withdraw", initiatives.withdraw, name="withdraw"),
]
