"""Pictures of a claim: what is asked for, taking one in, showing one."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from engine import clock
from review_ui.applicant.frame import own_claim, person
from review_ui.pages import words
from workflows import access
from workflows.actions import attachments, claims
from workflows.errors import InvalidInput, UploadRefused
from workflows.queries import applicant
from workflows.queries.applicant import CorrectionRow
from workflows.queries.words import words as in_language

if TYPE_CHECKING:
    from workflows.models import Claim


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file that the claim needs, with its verdict and why it was sent back."""

    spec: str
    label: str
    help: str
    url: str
    verdict: str
    verdict_family: str
    verdict_icon: str
    upload_url: str
    back: str
    open: bool
    icon: str = "camera"
    reasons: tuple[CorrectionRow, ...] = ()
    replaced: bool = False

    @property
    def flagged(self) -> bool:
        return bool(self.reasons) and not self.replaced


def rows(claim: "Claim", *, back: str, only_flagged: bool = False) -> list[FileRow]:
    """The files this kind of account needs; in a correction those that are open."""
    kind = claim.account.kind if claim.account else ""
    there = {row.spec: row for row in claim.attachments.filter(removed_at=None)}
    returned = claim.status == "returned"
    open_now = claims.open_targets(claim) if returned else set()
    replaced = applicant.replaced_files(claim) if returned else set()
    flags: dict[str, list[CorrectionRow]] = {}
    for item in applicant.correction_rows(claim) if returned else ():
        flags.setdefault(item.target, []).append(item)
    found = []
    for spec in claim.version.rules.required_files(kind):
        target = f"file:{spec.code}"
        is_open = claim.status == "draft" or target in open_now
        if only_flagged and not is_open:
            continue
        picture = there.get(spec.code)
        doubts = (
            [str(words.VERDICTS[f]) for f in picture.flags if f in words.VERDICTS]
            if picture
            else []
        )
        found.append(
            FileRow(
                spec=spec.code,
                label=in_language(spec.name),
                help=in_language(spec.help),
                url=reverse("claim-picture", args=[picture.pk]) if picture else "",
                verdict=(doubts[0] if doubts else _("Clear")) if picture else "",
                verdict_family="you" if doubts else "good",
                verdict_icon="alert" if doubts else "check-circle",
                upload_url=reverse("claim-upload", args=[claim.pk, spec.code]),
                back=back,
                open=is_open,
                reasons=tuple(flags.get(target, ())),
                replaced=spec.code in replaced,
            )
        )
    return found


def label(claim: "Claim", spec: str) -> str:
    """What a kind of file is called."""
    names = {row.code: in_language(row.name) for row in claim.version.rules.attachments}
    return names.get(spec, spec)


@login_required
@require_POST
def upload(request: HttpRequest, claim_id: UUID, spec: str) -> HttpResponse:
    """Take a picture in; a refusal says what to do."""
    claim = own_claim(request, claim_id)
    sent = request.FILES.get("file")
    if sent is None:
        messages.error(request, words.upload("empty"))
        return redirect(_back(request, claim, spec))
    try:
        attachments.add_attachment(
            claim,
            spec,
            sent.read(),
            declared_name=sent.name or "",
            by=person(request),
            at=clock.now(),
        )
    except UploadRefused as refused:
        messages.error(request, f"{label(claim, spec)}: {words.upload(refused.reason)}")
    except InvalidInput as wrong:
        code = next(iter(wrong.fields.values()))
        messages.error(request, f"{label(claim, spec)}: {words.field(code)}")
    return redirect(_back(request, claim, spec))


def _back(request: HttpRequest, claim: "Claim", spec: str) -> str:
    target = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        return f"{target}#file-{spec}"
    return reverse("claim", args=[claim.pk])


@login_required
@require_safe
def picture(request: HttpRequest, attachment_id: UUID) -> HttpResponse:
    """A picture for those who may see it; each look is logged."""
    _row, jpeg = access.attachment_bytes(person(request), attachment_id, at=clock.now())
    return HttpResponse(
        jpeg,
        content_type="image/jpeg",
        headers={
            "Content-Disposition": "inline",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cache-Control": "private, no-store",
            "Cross-Origin-Resource-Policy": "same-origin",
        },
    )
