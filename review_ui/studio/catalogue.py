"""What the editor offers: roles, handlers, decisions, forms, milestones, processes, built-ins."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from engine import api
from review_ui.studio import parts
from workflows.actions.programmes import GROUPS
from workflows.queries.words import words

ROLES: Mapping[str, str | Promise] = {
    "applicant": _("Applicant"),
    "clerk": _("Counter clerk"),
    "attachment_checker": _("Attachment checker"),
    "reviewer": _("Eligibility reviewer"),
    "approver": _("Approver"),
    "quality_checker": _("Quality checker"),
    "supervisor": _("Supervisor"),
    "payer": _("Payer"),
    "payment_checker": _("Payment checker"),
    "payment_releaser": _("Payment releaser"),
    "process_author": _("Process author"),
    "process_publisher": _("Process publisher"),
    "auditor": _("Auditor"),
    "operator": _("Operator"),
    "system_admin": _("System administrator"),
}


def catalogue(files: Mapping[str, bytes], milestones: tuple[str, ...]) -> dict[str, object]:
    """For `json_script`; `files` are those of a readable bundle."""
    known = api.catalogue(groups=GROUPS, milestones=milestones)
    chinese = (get_language() or "zh").startswith("zh")
    return {
        "roles": [{"value": code, "label": str(ROLES.get(code, code))} for code in GROUPS],
        "handlers": [
            {"value": name, "label": name, "help": words(info.description)}
            for name, info in sorted(known.handlers.items())
        ],
        "decisions": [_entry(part) for part in parts.decisions(files)],
        "processes": [_entry(part) for part in parts.processes(files)],
        "forms": [
            {"value": name[len("forms/") : -len(".json")], "label": name}
            for name in sorted(files)
            if name.startswith("forms/") and name.endswith(".json")
        ],
        "milestones": [{"value": code, "label": code} for code in milestones],
        "builtins": [
            {
                "name": name,
                "params": list(info.overloads[0].names),
                "help": info.zh if chinese else info.en,
            }
            for name, info in sorted(api.feel_builtins().items())
        ],
    }


def _entry(part: parts.Part) -> dict[str, str]:
    return {"value": part.id, "label": part.name or part.id, "result": part.id}
