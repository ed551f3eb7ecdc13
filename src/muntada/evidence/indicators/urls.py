from django.urls import path

from muntada.evidence.indicators.views import comparing, editions, files, indicators, maps

urlpatterns = [
    path("d/<int:number>", indicators.indicator, name="indicator"),
    path("d/<int:number>/editions", editions.editions, name="editions"),
    path("d/<int:number>/map", maps.indicator_map, name="indicator_map"),
    path("d/<int:number>/map.<str:form>", maps.map_file, name="map_file"),
    path("d/<int:number>/compare", comparing.compare, name="compare"),
    path("d/<int:number>/compare.<str:form>", files.compare_file, name="compare_file"),
    path("d/<int:number>.csv", files.numbers, name="numbers"),
    path(
        "d/<int:number>.csv-metadata.json",
        files.numbers,
        {"form": "csv-metadata.json"},
        name="numbers_described",
    ),
    path("d/<int:number>.zip", files.numbers, {"form": "zip"}, name="numbers_package"),
]
