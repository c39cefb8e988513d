"""`python -m tests.browser.scenes FILE`: play the scenes in a filled demo, write their places."""

import json
import os
import sys
from datetime import timedelta
from pathlib import Path

import django


def main(target: Path) -> None:
    """Play everything; money first, because it moves the clock."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from engine import clock  # noqa: PLC0415 - models need the settings above
    from tests.browser.scenes import claims, drafts, money, people  # noqa: PLC0415

    company = people.company(clock.now())
    money.set_up(company)
    company.stage.now += timedelta(minutes=1)
    claims.set_up(company)
    drafts.set_up(company)
    target.write_text(json.dumps(company.places), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
