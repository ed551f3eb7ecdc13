from django.urls import path

from muntada.evidence.assessments.views import coverage, divides, groups, progress, trends

urlpatterns = [
    path("evidence/coverage", coverage.coverage, name="coverage"),
    path("evidence/coverage.csv", coverage.coverage_csv, name="coverage_csv"),
    path("d/<int:number>/coverage", coverage.known_of_indicator, name="known"),
    path("d/<int:number>/divides", divides.divides, name="divides"),
    path("d/<int:number>/trends", trends.trends, name="trends"),
    path("d/<int:number>/trends.csv", trends.trends_csv, name="trends_csv"),
    path("d/<int:number>/divides.csv", divides.divides_csv, name="divides_csv"),
    path("d/<int:number>/groups", groups.groups, name="groups"),
    path("d/<int:number>/groups.csv", groups.groups_csv, name="groups_csv"),
    path("d/<int:number>/progress", progress.progress, name="progress"),
    path("d/<int:number>/progress/set", progress.set_target, name="set_target"),
    path("d/<int:number>/progress/<int:year>", progress.target, name="target"),
    path("d/<int:number>/progress/<int:year>/remove", progress.remove_target, name="remove_target"),
]
