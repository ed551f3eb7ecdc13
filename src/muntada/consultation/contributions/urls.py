from django.urls import path

from muntada.consultation.contributions.views import intake, writing

urlpatterns = [
    path("consultation/files/<int:pk>", writing.file, name="file"),
    path("consultation/files/<int:pk>/remove", writing.detach, name="detach"),
    path("consultation/copies/<int:pk>/take", writing.take_copy, name="take_copy"),
    path("consultation/copies/<int:pk>/drop", writing.drop_copy, name="drop_copy"),
    path("consultation/<slug:slug>/enter", intake.enter, name="enter"),
    path("consultation/<slug:slug>/intake", intake.intake, name="intake"),
    path("consultation/<slug:slug>/intake/template.<slug:form>", intake.template, name="intake_template"),
    path("consultation/<slug:slug>/write", writing.write, name="write"),
    path("c/<int:number>/improve", writing.improve, name="improve"),
    path("c/<int:number>/withdraw", writing.withdraw, name="withdraw"),
]
