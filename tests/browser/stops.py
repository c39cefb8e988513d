"""The pages of the tour: who opens them, where they are, what is pressed there."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stop:
    """A page.

    `path` may name a place of the scenes in braces; `user` is a name of the demo, of an owner in
    the scenes, or empty for whoever is there. `follow` opens the first link of that kind,
    `press` presses a button and shows what comes back, `status` is what the server answers.
    """

    name: str
    path: str
    user: str = ""
    follow: str = ""
    press: str = ""
    status: int = 200


PUBLIC = (
    Stop("home", "/"),
    Stop("offices", "/offices/"),
    Stop("offices-found", "/offices/?q=长春"),
    Stop("offices-none", "/offices/?q=nowhere"),
    Stop("privacy", "/privacy/"),
    Stop("login", "/login/"),
    Stop("login-refused", "/login/", press="main form button.btn-primary"),
    Stop("register", "/register/"),
    Stop("register-refused", "/register/", press="main form button.btn-primary"),
    Stop("lost", "/nowhere/", status=404),
)

APPLICANT = (
    Stop("my-claims-none", "/claims/", "newcomer"),
    Stop("foreign-claim", "/claims/{draft}/", "newcomer", status=404),
    Stop("notice", "/claims/{empty}/notice/", "{empty_owner}"),
    Stop(
        "notice-refused",
        "/claims/{empty}/notice/",
        "{empty_owner}",
        press="main .sl-acts button.btn-primary",
    ),
    Stop("details-empty", "/claims/{empty}/details/", "{empty_owner}"),
    Stop("details-refused", "/claims/{empty}/details/", "{empty_owner}", press="[value=save]"),
    Stop("files-empty", "/claims/{empty}/files/", "{empty_owner}"),
    Stop("check-missing", "/claims/{empty}/check/", "{empty_owner}"),
    Stop("my-claims-draft", "/claims/", "{draft_owner}"),
    Stop("details", "/claims/{draft}/details/", "{draft_owner}"),
    Stop("files", "/claims/{draft}/files/", "{draft_owner}"),
    Stop("check", "/claims/{draft}/check/", "{draft_owner}"),
    Stop("delete", "/claims/{draft}/delete/", "{draft_owner}"),
    Stop("my-claims", "/claims/", "{submitted_owner}"),
    Stop("claim", "/claims/{submitted}/", "{submitted_owner}"),
    Stop("slip", "/claims/{submitted}/slip/", "{submitted_owner}"),
    Stop("withdraw", "/claims/{submitted}/withdraw/", "{submitted_owner}"),
    Stop("my-claims-returned", "/claims/", "{returned_owner}"),
    Stop("claim-returned", "/claims/{returned}/", "{returned_owner}"),
    Stop("correct", "/claims/{returned}/correct/", "{returned_owner}"),
    Stop(
        "correct-refused",
        "/claims/{returned}/correct/",
        "{returned_owner}",
        press="main .sl-acts button.btn-primary",
    ),
    Stop("claim-withdrawn", "/claims/{withdrawn}/", "{withdrawn_owner}"),
    Stop("claim-denied", "/claims/{denied}/", "{denied_owner}"),
    Stop("appeal", "/claims/{denied}/appeal/", "{denied_owner}"),
    Stop("claim-appealed", "/claims/{appealed}/", "{appealed_owner}"),
    Stop("claim-paid", "/claims/{paid}/", "{paid_owner}"),
    Stop("claim-failed", "/claims/{failed}/", "{failed_owner}"),
    Stop("account", "/claims/{failed}/account/", "{failed_owner}"),
    Stop(
        "account-refused",
        "/claims/{failed}/account/",
        "{failed_owner}",
        press="main .sl-acts button.btn-primary",
    ),
    Stop("claim-waiting", "/claims/{waiting}/", "{waiting_owner}"),
)

OFFICERS = (
    Stop("no-work", "/office/", "nobody"),
    Stop("my-work", "/work/", "hedui"),
    Stop("queue", "/work/queue/", "hedui"),
    Stop("overdue", "/work/overdue/", "hedui"),
    Stop("desk-papers", "/work/tasks/{submitted_task}/", "hedui"),
    Stop("desk", "/work/queue/", "shenhe", "main table tbody a"),
    Stop("search", "/work/search/", "shenhe"),
    Stop("search-returned", "/work/search/?status=returned", "shenhe"),
    Stop("search-none", "/work/search/?q=nowhere", "shenhe"),
    Stop("done", "/work/done/", "shenhe"),
    Stop("office-claim", "/work/claims/{paid}/", "shenhe"),
    Stop("office-claim-returned", "/work/claims/{returned}/", "shenhe"),
    Stop("diagram", "/work/claims/{paid}/diagram/", "shenhe"),
    Stop("diagram-stuck", "/work/claims/{stuck}/diagram/", "shenhe"),
    Stop("reveal", "/work/claims/{paid}/reveal/id_number/", "shenhe"),
    Stop("desk-second", "/work/tasks/{doubtful_task}/", "fuhe"),
    Stop("desk-appeal", "/work/tasks/{appealed_task}/", "fuhe"),
    Stop("desk-suspected", "/work/tasks/{suspected_task}/", "kezhang"),
    Stop("desk-clerk", "/work/", "chuangkou"),
    Stop("office-claim-audited", "/work/claims/{denied}/", "shenji"),
    Stop("batches-audited", "/payments/", "shenji"),
    Stop("not-mine", "/studio/", "shenhe", status=404),
)

MONEY = (
    Stop("batches", "/payments/", "zhidan"),
    Stop("plan", "/payments/new/", "zhidan"),
    Stop("plan-shown", "/payments/new/", "zhidan", press="main form .btn-primary"),
    Stop("account-waits", "/payments/accounts/{account_task}/", "zhidan"),
    Stop("batch-released", "/payments/{batch_released}/", "zhidan"),
    Stop("batch-sent", "/payments/{batch_sent}/", "zhidan"),
    Stop("batch-settled", "/payments/{batch_settled}/", "zhidan"),
    Stop("batch-void", "/payments/{batch_void}/", "zhidan"),
    Stop("batch-own", "/payments/{batch_draft}/", "zhidan"),
    Stop("batch-draft", "/payments/{batch_draft}/", "jiaoyan"),
    Stop("batch-checked", "/payments/{batch_checked}/", "fangxing"),
    Stop("batch", "/payments/", "fangxing", "main table tbody tr:last-child a"),
)

STUDIO = (
    Stop("studio", "/studio/", "liucheng"),
    Stop("version", "/studio/versions/{version}/", "liucheng"),
    Stop("version-later", "/studio/versions/{later_version}/", "liucheng"),
    Stop("table", "/studio/versions/{version}/tables/eligibility_reasons/", "liucheng"),
    Stop("draft-empty", "/studio/drafts/{draft_empty}/", "liucheng"),
    Stop("draft-broken", "/studio/drafts/{draft_broken}/", "liucheng"),
    Stop("draft-own", "/studio/drafts/{draft_ready}/", "liucheng"),
    Stop("draft-published", "/studio/drafts/{draft_published}/", "liucheng"),
    Stop("editor", "/studio/drafts/{draft_ready}/design/{diagram}", "liucheng"),
    Stop("editor-broken", "/studio/drafts/{draft_broken}/design/{diagram}", "liucheng"),
    Stop("draft-ready", "/studio/drafts/{draft_ready}/", "fabu"),
    Stop(
        "draft-publish-refused",
        "/studio/drafts/{draft_ready}/",
        "fabu",
        press="form[action$='/publish/'] button",
        status=422,
    ),
    Stop("editor-read", "/studio/drafts/{draft_ready}/design/{diagram}", "fabu"),
)

OPERATIONS = (
    Stop("incidents", "/operations/", "yunwei"),
    Stop("incident", "/operations/", "yunwei", "main table tbody a"),
    Stop("jobs", "/operations/work/", "yunwei"),
    Stop("instance", "/operations/instances/{doubtful_instance}/", "yunwei"),
    Stop("instance-move", "/operations/instances/{doubtful_instance}/", "yunwei", "[data-row] a"),
)

STOPS = (*PUBLIC, *APPLICANT, *OFFICERS, *MONEY, *STUDIO, *OPERATIONS)

# Addresses without a page of their own: acts that redirect, files, and what only programs read.
ACTS = frozenset(
    {
        "claim-start",
        "claim-upload",
        "demo-pay-day",
        "demo-role",
        "logout",
        "my-start",
        "operations-repair",
        "operations-retry",
        "operations-skip",
        "payer-check",
        "payer-create",
        "payer-explain",
        "payer-reconcile",
        "payer-release",
        "payer-results",
        "payer-sent",
        "preferences",
        "reviewer-answer",
        "reviewer-conclude",
        "reviewer-next",
        "reviewer-note",
        "reviewer-release",
        "reviewer-take",
        "studio-begin",
        "studio-discard",
        "studio-lint",
        "studio-publish",
        "studio-save",
        "studio-upload",
    }
)
FILES = frozenset(
    {
        "claim-picture",
        "diagram-xml",
        "health",
        "health-deep",
        "metrics",
        "payer-file",
        "reviewer-picture",
        "reviewer-state",
        "studio-diagram-xml",
        "studio-drawing",
        "studio-file",
    }
)
