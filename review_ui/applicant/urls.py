"""Addresses of the public pages and of the applicant's own."""

from django.urls import path

from review_ui.applicant import acts, correcting, drafts, files, public, views

urlpatterns = [
    path("", public.home, name="home"),
    path("offices/", public.offices, name="offices"),
    path("privacy/", public.privacy, name="privacy"),
    path("claims/", views.my_claims, name="my-claims"),
    path("claims/start/<slug:programme>/", drafts.start, name="claim-start"),
    path("claims/<uuid:claim_id>/", views.status, name="claim"),
    path("claims/<uuid:claim_id>/notice/", drafts.notice, name="claim-notice"),
    path("claims/<uuid:claim_id>/details/", drafts.details, name="claim-details"),
    path("claims/<uuid:claim_id>/files/", drafts.files, name="claim-files"),
    path("claims/<uuid:claim_id>/files/<slug:spec>/", files.upload, name="claim-upload"),
    path("claims/<uuid:claim_id>/check/", drafts.check, name="claim-check"),
    path("claims/<uuid:claim_id>/slip/", views.slip, name="claim-slip"),
    path("claims/<uuid:claim_id>/correct/", correcting.correct, name="claim-correct"),
    path("claims/<uuid:claim_id>/withdraw/", acts.withdraw, name="claim-withdraw"),
    path("claims/<uuid:claim_id>/delete/", acts.delete, name="claim-delete"),
    path("claims/<uuid:claim_id>/appeal/", acts.appeal, name="claim-appeal"),
    path("claims/<uuid:claim_id>/account/", acts.account, name="claim-account"),
    path("pictures/<uuid:attachment_id>/", files.picture, name="claim-picture"),
]
