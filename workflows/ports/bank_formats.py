"""The layouts that are shipped. Real banks' layouts are added as data, by name."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from workflows.ports.bank import BankOutcome
from workflows.ports.bank_format import BankFormat, Column, Layout, Unit
from workflows.ports.registry import Registry

_NAMED_CODES: Final[Mapping[str, BankOutcome]] = MappingProxyType(
    {outcome.name: outcome for outcome in BankOutcome}
)
_NUMBERED_CODES: Final[Mapping[str, BankOutcome]] = MappingProxyType(
    {f"{place:02}": outcome for place, outcome in enumerate(BankOutcome)}
)

CSV_UTF8: Final = BankFormat(
    code="csv_utf8",
    encoding="utf-8-sig",
    separator=",",
    unit=Unit.YUAN,
    payment=Layout(
        columns=(
            Column.SEQUENCE,
            Column.ACCOUNT,
            Column.HOLDER,
            Column.AMOUNT,
            Column.PURPOSE,
            Column.CNAPS,
            Column.END_TO_END_ID,
        ),
        titles=("序号", "账号", "户名", "金额", "用途", "联行号", "业务编号"),
    ),
    result=Layout(
        columns=(Column.END_TO_END_ID, Column.AMOUNT, Column.CODE, Column.TEXT),
        titles=("业务编号", "金额", "结果", "说明"),
    ),
    codes=_NAMED_CODES,
)

GB18030_PIPE: Final = BankFormat(
    code="gb18030_pipe",
    encoding="gb18030",
    separator="|",
    unit=Unit.FEN,
    payment=Layout(
        columns=(
            Column.SEQUENCE,
            Column.ACCOUNT,
            Column.HOLDER,
            Column.AMOUNT,
            Column.PURPOSE,
            Column.CNAPS,
            Column.END_TO_END_ID,
        ),
        lead=("H", "{batch}", "{date}", "{count}", "{total}"),
        trail=("T", "{count}", "{total}"),
    ),
    result=Layout(
        columns=(Column.END_TO_END_ID, Column.AMOUNT, Column.CODE, Column.TEXT),
        trail=("T", "{count}", "{total}"),
    ),
    codes=_NUMBERED_CODES,
    name_length=30,
    line_end="\n",
)

BANK_FORMATS: Final[Registry[BankFormat]] = Registry(
    "bank_format",
    {
        CSV_UTF8.code: lambda _options: CSV_UTF8,
        GB18030_PIPE.code: lambda _options: GB18030_PIPE,
    },
)
