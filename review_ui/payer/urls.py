"""Addresses of the payments."""

from django.urls import path

from review_ui.payer import accounts, acts, views

urlpatterns = [
    path("payments/", views.batches, name="payer-batches"),
    path("payments/new/", views.plan, name="payer-plan"),
    path("payments/create/", views.create, name="payer-create"),
    path("payments/files/<int:file_id>/", acts.download, name="payer-file"),
    path("payments/accounts/<int:task_id>/", accounts.account, name="payer-account"),
    path("payments/<str:number>/", views.batch, name="payer-batch"),
    path("payments/<str:number>/check/", acts.check, name="payer-check"),
    path("payments/<str:number>/release/", acts.release, name="payer-release"),
    path("payments/<str:number>/sent/", acts.sent, name="payer-sent"),
    path("payments/<str:number>/results/", acts.results, name="payer-results"),
    path("payments/<str:number>/anomalies/<int:result_id>/", acts.explain, name="payer-explain"),
    path("payments/<str:number>/reconcile/", acts.reconcile, name="payer-reconcile"),
]
