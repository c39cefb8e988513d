"""Applicants of the scenes, beside those of the filled demo."""

from dataclasses import dataclass, field
from datetime import datetime

from review_ui.demo import payday
from review_ui.demo.cast import CHANGCHUN, OFFICERS
from review_ui.demo.stories import Claimant, Stage
from workflows.accounts.models import User
from workflows.actions.reviews import Flag
from workflows.queries import processes

PICTURES = ("id_front", "id_back", "card_picture")
# Far from the numbers of a filled demo, which are three times a claim's place.
FIRST = 7001


@dataclass
class Company:
    """Who plays and at which moment; `places` is what the tour looks up."""

    stage: Stage
    places: dict[str, str] = field(default_factory=dict)
    serial: int = FIRST

    @property
    def at(self) -> datetime:
        return self.stage.now

    def officer(self, role: str) -> User:
        return next(user for (held, _office), user in self.stage.officers.items() if held == role)

    def next_serial(self) -> int:
        self.serial += 1
        return self.serial

    def newcomer(self) -> Claimant:
        """Somebody with a claim in which nothing was entered."""
        somebody = Claimant(self.stage, self.next_serial(), CHANGCHUN)
        somebody.enter()
        return somebody

    def applicant(self) -> Claimant:
        """Somebody with a claim that lacks nothing but the last click."""
        somebody = self.newcomer()
        somebody.fill_in()
        somebody.upload(*PICTURES)
        return somebody

    def checked(self) -> Claimant:
        """Submitted; the papers wait for an officer."""
        somebody = self.applicant()
        somebody.submit()
        self.settle()
        return somebody

    def approved(self) -> Claimant:
        """Through all hands; the months are paid on the next pay day."""
        somebody = self.checked()
        for outcome in ("pass", "recommend_approval", "approve", "confirm"):
            self.conclude(somebody, outcome)
        return somebody

    def conclude(
        self,
        somebody: Claimant,
        outcome: str,
        *,
        reasons: tuple[str, ...] = (),
        items: tuple[Flag, ...] = (),
        note: str = "",
    ) -> None:
        """Conclude the open step, if an officer has one, and let machines run."""
        somebody.conclude(outcome, reasons=reasons, items=items, note=note)
        self.settle()

    def settle(self) -> None:
        payday.settle(self.at)

    def remember(self, name: str, somebody: Claimant) -> None:
        """The claim's address, its owner's name and the officers' open task."""
        assert somebody.user is not None
        self.places[name] = str(somebody.claim.pk)
        self.places[f"{name}_owner"] = somebody.user.username
        task = somebody.task()
        if task is not None:
            self.places[f"{name}_task"] = str(task.id)
            self.places[f"{name}_instance"] = str(task.instance_id)


def company(at: datetime) -> Company:
    """The demo's officers, without the clerk: everybody applies with an account of their own."""
    officers = {
        (role, member.office): User.objects.get(username=member.username)
        for member in OFFICERS
        for role in member.roles
        if role != "clerk"
    }
    return Company(Stage(at, next(iter(processes.programme_names())), officers))
