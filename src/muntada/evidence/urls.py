from django.urls import path

from muntada.evidence.views import (
    areas,
    editions,
    front,
    imports,
    indicators,
    initiatives,
    stocktaking,
    tables,
)

app_name = "evidence"
urlpatterns = [
    path("evidence", front.front, name="front"),
    path("evidence/initiatives", stocktaking.initiatives, name="initiatives"),
    path("evidence/initiatives/waiting", stocktaking.waiting, name="waiting"),
    path("evidence/initiatives/mine", stocktaking.mine, name="mine"),
    path("evidence/initiatives/tables", tables.tables, name="tables"),
    path("evidence/initiatives/tables/<int:pk>", tables.table, name="table"),
    path("evidence/initiatives/empty.csv", tables.empty_table, name="empty_table"),
    path("evidence/initiatives.csv", tables.download, {"form": "csv"}, name="download_csv"),
    path("evidence/initiatives.xlsx", tables.download, {"form": "xlsx"}, name="download_xlsx"),
    path("evidence/register", initiatives.register, name="register"),
    path("evidence/areas", areas.areas, name="areas"),
    path("evidence/imports", imports.imports, name="imports"),
    path("evidence/imports/<int:pk>", imports.one_import, name="import"),
    path("evidence/imports/<int:pk>/columns", imports.columns, name="columns"),
    path("evidence/imports/<int:pk>/take-in", imports.take_in, name="take_in"),
    path("evidence/imports/<int:pk>/again", imports.look_again, name="look_again"),
    path("evidence/imports/<int:pk>/withdraw", imports.withdraw, name="withdraw_import"),
    path("evidence/imports/<int:pk>/throw-away", imports.throw_away, name="throw_away"),
    path("i/<int:number>", initiatives.initiative, name="initiative"),
    path("i/<int:number>/edit", initiatives.edit, name="edit"),
    path("i/<int:number>/confirm", initiatives.confirm, name="confirm"),
    path("i/<int:number>/publish", initiatives.publish, name="publish"),
    path("i/<int:number>/send-back", initiatives.send_back, name="send_back"),
    path("i/<int:number>/withdraw", initiatives.withdraw, name="withdraw"),
    path("d/<int:number>", indicators.indicator, name="indicator"),
    path("d/<int:number>/editions", editions.editions, name="editions"),
    path("d/<int:number>.csv", indicators.numbers, name="numbers"),
]
