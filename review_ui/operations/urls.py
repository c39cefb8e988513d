"""Addresses of operations."""

from django.urls import path

from review_ui.operations import health, instances, views

urlpatterns = [
    path("health", health.health, name="health"),
    path("health/deep", health.deep, name="health-deep"),
    path("metrics", health.metrics, name="metrics"),
    path("operations/", views.incidents, name="operations-incidents"),
    path("operations/work/", views.work, name="operations-work"),
    path("operations/incidents/<int:incident_id>/", views.incident, name="operations-incident"),
    path("operations/incidents/<int:incident_id>/retry/", views.retry, name="operations-retry"),
    path("operations/incidents/<int:incident_id>/skip/", views.skip, name="operations-skip"),
    path(
        "operations/instances/<int:instance_id>/", instances.instance, name="operations-instance"
    ),
    path(
        "operations/instances/<int:instance_id>/repair/",
        instances.repair,
        name="operations-repair",
    ),
]
