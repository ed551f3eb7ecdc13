from django.urls import path

from muntada.consultation.contributions.views import imports, writing

urlpatterns = [
    path("consultation/files/<int:pk>", writing.file, name="file"),
    path("consultation/files/<int:pk>/remove", writing.detach, name="detach"),
    path("consultation/copies/<int:pk>/take", writing.take_copy, name="take_copy"),
    path("consultation/copies/<int:pk>/drop", writing.drop_copy, name="drop_copy"),
    path("consultation/<slug:slug>/enter", imports.enter, name="enter"),
    path("consultation/<slug:slug>/import", imports.import_table, name="import_table"),
    path("consultation/<slug:slug>/import/template.<slug:form>", imports.template, name="import_template"),
    path("consultation/<slug:slug>/write", writing.write, name="write"),
    path("c/<int:number>/improve", writing.improve, name="improve"),
    path("c/<int:number>/withdraw", writing.withdraw, name="withdraw"),
]
