"""The claim of the comparison: three checks, review, decision, approval, order."""

from django.http import HttpRequest, HttpResponse
from viewflow import this  # only the benchmark installs it
from viewflow.workflow import flow, lock


def page(request: HttpRequest) -> HttpResponse:
    """A page that nobody opens here."""
    del request
    return HttpResponse()


class ClaimFlow(flow.Flow):  # type: ignore[misc]  # it has no types
    """The claim of the comparison."""

    lock_impl = lock.select_for_update_lock
    start = flow.StartHandle(this.begun).Next(this.split)
    split = flow.Split().Next(this.scan).Next(this.registers).Next(this.duplicates)
    scan = flow.Function(this.checked).Next(this.join)
    registers = flow.Function(this.checked).Next(this.join)
    duplicates = flow.Function(this.checked).Next(this.join)
    join = flow.Join().Next(this.review)
    review = flow.View(page).Next(this.good)
    good = flow.If(this.is_good).Then(this.approve).Else(this.end)
    approve = flow.View(page).Next(this.order)
    order = flow.Function(this.checked).Next(this.end)
    end = flow.End()

    def begun(self, activation: object) -> object:
        return activation.process  # type: ignore[attr-defined]  # it has no types

    def checked(self, activation: object) -> None:
        """A check that finds nothing; ours does as little."""

    def is_good(self, activation: object) -> bool:
        return bool(activation.process)  # type: ignore[attr-defined]  # it has no types
