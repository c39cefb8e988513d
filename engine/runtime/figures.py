"""Figures of the machine room, counted from the rows at this moment."""

from datetime import datetime

from django.db.models import Count, Min

from engine.models import Incident, Job, ProcessInstance, Timer, UserTask

STATUSES = ("active", "suspended", "completed", "cancelled")


def figures(at: datetime) -> dict[str, int]:
    instances = dict(
        ProcessInstance.objects.values_list("status").annotate(count=Count("pk")).order_by()
    )
    jobs = dict(
        Job.objects.filter(status__in=["ready", "leased", "failed"])
        .values_list("status")
        .annotate(count=Count("pk"))
        .order_by()
    )
    due = Timer.objects.filter(status="pending", due_at__lte=at).aggregate(
        count=Count("pk"), first=Min("due_at")
    )
    late = (at - due["first"]).total_seconds() if due["first"] is not None else 0
    return {
        **{f"instances_{status}": instances.get(status, 0) for status in STATUSES},
        "user_tasks_open": UserTask.objects.filter(status="open").count(),
        "user_tasks_overdue": UserTask.objects.filter(status="open", due_at__lt=at).count(),
        "jobs_ready": jobs.get("ready", 0),
        "jobs_leased": jobs.get("leased", 0),
        "jobs_failed": jobs.get("failed", 0),
        "timers_due": due["count"],
        "timer_lag_seconds": int(late),
        "incidents_open": Incident.objects.filter(resolved_at=None).count(),
    }
