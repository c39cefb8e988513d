"""Addresses of the studio."""

from django.urls import path

from review_ui.studio import designer, drafts, versions

DRAFT = "studio/drafts/<uuid:draft_id>/"

urlpatterns = [
    path("studio/", versions.home, name="studio-home"),
    path("studio/versions/<int:definition_id>/", versions.version, name="studio-version"),
    path(
        "studio/versions/<int:definition_id>/diagram.xml",
        versions.diagram,
        name="studio-diagram-xml",
    ),
    path(
        "studio/versions/<int:definition_id>/tables/<str:decision_id>/",
        versions.table,
        name="studio-table",
    ),
    path(
        "studio/versions/<int:definition_id>/files/<path:name>",
        versions.file,
        name="studio-file",
    ),
    path("studio/versions/<int:definition_id>/draft/", drafts.begin, name="studio-begin"),
    path(DRAFT, drafts.draft, name="studio-draft"),
    path(DRAFT + "publish/", drafts.publish, name="studio-publish"),
    path(DRAFT + "discard/", drafts.discard, name="studio-discard"),
    path(DRAFT + "upload/", drafts.upload, name="studio-upload"),
    path(DRAFT + "design/<path:name>", designer.design, name="studio-design"),
    path(DRAFT + "files/<path:name>", designer.drawing, name="studio-drawing"),
    path(DRAFT + "save/<path:name>", designer.save, name="studio-save"),
    path(DRAFT + "lint/<path:name>", designer.lint, name="studio-lint"),
]
