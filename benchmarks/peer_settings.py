"""The project's settings with Viewflow beside it, for the comparison only."""

from config.settings import *  # noqa: F403 - settings are a namespace
from config.settings import INSTALLED_APPS as OURS

INSTALLED_APPS = [*OURS, "viewflow", "viewflow.workflow", "benchmarks.viewflow_claim"]
