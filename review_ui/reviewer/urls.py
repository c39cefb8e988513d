"""Addresses of the officers' work."""

from django.urls import path

from review_ui.reviewer import acts, claims, conclude, desk, queues

urlpatterns = [
    path("work/", queues.mine, name="reviewer-mine"),
    path("work/queue/", queues.queue, name="reviewer-queue"),
    path("work/overdue/", queues.overdue, name="reviewer-overdue"),
    path("work/done/", queues.done, name="reviewer-done"),
    path("work/next/", acts.take_next, name="reviewer-next"),
    path("work/search/", claims.search, name="reviewer-search"),
    path("work/tasks/<int:task_id>/", desk.desk, name="reviewer-desk"),
    path("work/tasks/<int:task_id>/take/", acts.take, name="reviewer-take"),
    path("work/tasks/<int:task_id>/release/", acts.release, name="reviewer-release"),
    path("work/tasks/<int:task_id>/answer/", acts.answer, name="reviewer-answer"),
    path("work/tasks/<int:task_id>/conclude/", conclude.conclude, name="reviewer-conclude"),
    path("work/claims/<uuid:claim_id>/", claims.claim, name="reviewer-claim"),
    path("work/claims/<uuid:claim_id>/note/", acts.note, name="reviewer-note"),
    path(
        "work/claims/<uuid:claim_id>/reveal/<slug:field>/", claims.reveal, name="reviewer-reveal"
    ),
    path("work/claims/<uuid:claim_id>/diagram/", claims.diagram, name="reviewer-diagram"),
    path("work/claims/<uuid:claim_id>/state/", claims.state, name="reviewer-state"),
    path("work/files/<uuid:file_id>/", claims.picture, name="reviewer-picture"),
    path("work/diagrams/<int:definition_id>/", claims.diagram_xml, name="diagram-xml"),
]
