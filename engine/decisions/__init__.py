"""DMN: decision tables, requirement graphs and boxed expressions. Pure: no Django, no clock."""

from engine.decisions.analysis import TableFinding, analyse
from engine.decisions.errors import DecisionsInvalid, NoSuchDecision, Problem
from engine.decisions.evaluation import DecisionResult, evaluate
from engine.decisions.model import Decision, DecisionFile, InputData
from engine.decisions.read import read_decisions
from engine.decisions.scope import Failure
from engine.decisions.view import ColumnView, RuleView, TableView, describe

__all__ = [
    "ColumnView",
    "Decision",
    "DecisionFile",
    "DecisionResult",
    "DecisionsInvalid",
    "Failure",
    "InputData",
    "NoSuchDecision",
    "Problem",
    "RuleView",
    "TableFinding",
    "TableView",
    "analyse",
    "describe",
    "evaluate",
    "read_decisions",
]
