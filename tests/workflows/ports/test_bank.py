import dataclasses
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.errors import PortUnavailable, ResultFileRejected
from workflows.ports import bank_format, bank_results
from workflows.ports.bank import BankAnswer, BankOutcome, PaymentLine
from workflows.ports.bank_format import BankFormat, BatchHead, Unit
from workflows.ports.bank_formats import CSV_UTF8, GB18030_PIPE
from workflows.ports.bank_results import AnomalyKind, SentLine
from workflows.ports.bank_simulator import BY_SUFFIX, Mode, SimulatedBank, result_file
from workflows.values.errors import InvalidMoney

ON = date(2026, 11, 10)
BATCH = BatchHead("SYBZ-B-2026-0007", ON)
FORMATS = pytest.mark.parametrize("form", [CSV_UTF8, GB18030_PIPE], ids=lambda form: form.code)
GBK = dataclasses.replace(GB18030_PIPE, encoding="gbk")


def payment(
    issue: int = 1, *, suffix: str = "1234", fen: int = 80_000, holder: str = "张三"
) -> PaymentLine:
    return PaymentLine(
        end_to_end_id=f"SYBZ-2026-004718-3-202608-{issue}",
        amount_fen=fen,
        account=f"990000000000{suffix}",
        holder=holder,
        purpose="失业补助金202608",
        cnaps="999000000000",
    )


@pytest.fixture
def bank(tmp_path: Path) -> SimulatedBank:
    return SimulatedBank(tmp_path / "book.sqlite3")


class TestWrite:
    def test_gives_known_bytes(self) -> None:
        written = bank_format.write(GB18030_PIPE, BATCH, [payment()])

        assert written.data.decode("gb18030") == (
            "H|SYBZ-B-2026-0007|20261110|1|80000\n"
            "1|9900000000001234|张三|80000|失业补助金202608|999000000000|"
            "SYBZ-2026-004718-3-202608-1\n"
            "T|1|80000\n"
        )
        csv = bank_format.write(CSV_UTF8, BATCH, [payment()]).data
        assert csv.startswith(b"\xef\xbb\xbf")
        assert csv.decode("utf-8-sig") == (
            "序号,账号,户名,金额,用途,联行号,业务编号\r\n"
            "1,9900000000001234,张三,800.00,失业补助金202608,999000000000,"
            "SYBZ-2026-004718-3-202608-1\r\n"
        )

    @FORMATS
    def test_gives_the_same_bytes_for_the_same_lines(self, form: BankFormat) -> None:
        one, other = (bank_format.write(form, BATCH, [payment(), payment(2)]) for _ in range(2))

        assert (one.data, one.sha256) == (other.data, other.sha256)
        assert (one.count, one.total_fen) == (2, 160_000)

    @pytest.mark.parametrize("form", [CSV_UTF8, GB18030_PIPE, GBK], ids=lambda form: form.encoding)
    @pytest.mark.parametrize("holder", ["䶮㛃", "买买提·吐尔逊", "琿喆"])
    def test_writes_a_rare_name_or_stops_its_line_alone(
        self, form: BankFormat, holder: str
    ) -> None:
        written = bank_format.write(form, BATCH, [payment(), payment(2, holder=holder)])

        fits = form is not GBK or holder != "䶮㛃"
        assert written.count == (2 if fits else 1)
        assert [(line.code, line.detail) for line in written.stopped] == (
            [] if fits else [("P07", "not_encodable")]
        )
        assert (holder in written.data.decode(form.encoding)) is fits
        assert "?" not in written.data.decode(form.encoding)

    @pytest.mark.parametrize(
        ("form", "holder", "detail"),
        [
            (CSV_UTF8, "=cmd()", "formula_sign"),
            (CSV_UTF8, "@x", "formula_sign"),
            (CSV_UTF8, "张\n三", "separator"),
            (GB18030_PIPE, "张|三", "separator"),
            (GB18030_PIPE, '张"三', "separator"),
            (GB18030_PIPE, "张" * 31, "too_long"),
        ],
    )
    def test_stops_a_line_that_would_break_the_file(
        self, form: BankFormat, holder: str, detail: str
    ) -> None:
        written = bank_format.write(form, BATCH, [payment(holder=holder), payment(2)])

        assert [line.detail for line in written.stopped] == [detail]
        assert written.count == 1

    def test_refuses_more_lines_than_a_file_holds(self) -> None:
        small = dataclasses.replace(CSV_UTF8, lines_per_file=1)

        with pytest.raises(ValueError, match="2"):
            bank_format.write(small, BATCH, [payment(), payment(2)])

    @FORMATS
    @given(
        lines=st.lists(
            st.tuples(
                st.integers(1, 10**9),
                st.text(st.characters(categories=["Lo", "Lu", "Ll"]), min_size=1, max_size=20),
            ),
            min_size=1,
            max_size=8,
        )
    )
    def test_is_read_back_to_the_fen(self, form: BankFormat, lines: list[tuple[int, str]]) -> None:
        ordered = [
            payment(issue, fen=fen, holder=holder)
            for issue, (fen, holder) in enumerate(lines, start=1)
        ]

        written = bank_format.write(form, BATCH, ordered)

        read = bank_format.read_payments(form, written.data)
        assert read == ordered
        assert sum(line.amount_fen for line in read) == written.total_fen


class TestFen:
    @pytest.mark.parametrize(
        ("unit", "text", "fen"), [(Unit.YUAN, "800.00", 80_000), (Unit.FEN, "80000", 80_000)]
    )
    def test_is_read_in_the_unit_of_the_bank(self, unit: Unit, text: str, fen: int) -> None:
        assert dataclasses.replace(CSV_UTF8, unit=unit).fen(text) == fen

    def test_has_no_fractions(self) -> None:
        with pytest.raises(InvalidMoney):
            GB18030_PIPE.fen("800.00")


class TestRead:
    @FORMATS
    def test_reads_every_outcome(self, form: BankFormat) -> None:
        answers = [
            BankAnswer(payment(issue).end_to_end_id, outcome, 80_000)
            for issue, outcome in enumerate(BankOutcome, start=1)
        ]

        result = bank_results.read(form, result_file(form, answers, batch="B", on=ON))

        assert [line.answer for line in result.lines] == answers
        assert result.anomalies == ()
        assert not result.is_rejected_whole

    @pytest.mark.parametrize(
        ("outcome", "reason"),
        [
            (BankOutcome.PAID, ""),
            (BankOutcome.ACCOUNT_CLOSED, "P01"),
            (BankOutcome.NAME_MISMATCH, "P02"),
            (BankOutcome.FROZEN, "P03"),
            (BankOutcome.NO_SUCH_ACCOUNT, "P04"),
            (BankOutcome.CLASS_LIMIT, "P05"),
            (BankOutcome.BANK_REJECT, "P06"),
            (BankOutcome.TIMEOUT_UNKNOWN, "P06"),
            (BankOutcome.DUPLICATE, ""),
        ],
    )
    def test_gives_the_reason_of_the_programme(self, outcome: BankOutcome, reason: str) -> None:
        assert BankAnswer("x", outcome, 1).reason == reason

    @pytest.mark.parametrize(
        ("line", "kind"),
        [
            ("A,800.00,PAID", AnomalyKind.MALFORMED),
            ("A,8OO,PAID,", AnomalyKind.AMOUNT_UNREADABLE),
            ("A,-800.00,PAID,", AnomalyKind.AMOUNT_UNREADABLE),
            ("A,800.00,FINE,", AnomalyKind.CODE_UNKNOWN),
            ("B,800.00,PAID,", AnomalyKind.REPEATED),
        ],
    )
    def test_names_a_line_that_settles_nothing(self, line: str, kind: AnomalyKind) -> None:
        data = f"业务编号,金额,结果,说明\r\nB,800.00,PAID,\r\n{line}\r\n".encode()

        result = bank_results.read(CSV_UTF8, data)

        assert [(anomaly.line, anomaly.kind) for anomaly in result.anomalies] == [(3, kind)]
        assert len(result.lines) == 1

    @pytest.mark.parametrize(
        ("form", "data", "reason"),
        [
            (CSV_UTF8, b"", "empty"),
            (CSV_UTF8, b" \r\n", "empty"),
            (CSV_UTF8, b"\xff\xfe\x00", "encoding"),
            (CSV_UTF8, b"a\0b", "encoding"),
            (CSV_UTF8, b"id,amount\r\n", "columns_missing"),
            (CSV_UTF8, b'"open', "not_a_table"),
            (GB18030_PIPE, b"A|80000|00|\n", "totals_differ"),
            (GB18030_PIPE, b"A|80000|00|\nT|2|80000\n", "totals_differ"),
            (GB18030_PIPE, b"A|80000|00|\nT|1|80001\n", "totals_differ"),
            (GB18030_PIPE, b"A|80000|00|\nT|one|80000\n", "totals_differ"),
        ],
    )
    def test_refuses_a_file_that_cannot_be_used(
        self, form: BankFormat, data: bytes, reason: str
    ) -> None:
        with pytest.raises(ResultFileRejected) as refused:
            bank_results.read(form, data)

        assert refused.value.reason == reason

    @FORMATS
    @given(data=st.binary(max_size=300))
    def test_answers_any_bytes_with_lines_or_a_refusal(
        self, form: BankFormat, data: bytes
    ) -> None:
        try:
            result = bank_results.read(form, data)
        except ResultFileRejected:
            return

        assert result.lines or result.anomalies or form is CSV_UTF8 or data.startswith(b"T")


class TestMatch:
    def sent(self, outcome: BankOutcome | None = None, batch: str = "B") -> dict[str, SentLine]:
        return {payment().end_to_end_id: SentLine(80_000, batch, outcome)}

    def matched(
        self, outcome: BankOutcome, sent: dict[str, SentLine], *, fen: int = 80_000
    ) -> bank_results.Matched:
        answer = BankAnswer(payment().end_to_end_id, outcome, fen)
        data = result_file(CSV_UTF8, [answer], batch="B", on=ON)
        return bank_results.match(bank_results.read(CSV_UTF8, data), sent, batch="B")

    def test_settles_what_was_sent(self) -> None:
        found = self.matched(BankOutcome.PAID, self.sent())

        assert [answer.outcome for answer in found.settled] == [BankOutcome.PAID]
        assert (found.anomalies, found.waiting) == ((), frozenset())

    @pytest.mark.parametrize("outcome", [BankOutcome.TIMEOUT_UNKNOWN, BankOutcome.DUPLICATE])
    def test_goes_on_waiting_for_an_unclear_answer(self, outcome: BankOutcome) -> None:
        assert self.matched(outcome, self.sent()).waiting == {payment().end_to_end_id}

    def test_goes_on_waiting_for_lines_that_are_not_in_the_file(self) -> None:
        sent = self.sent() | {"other": SentLine(1, "B"), "else": SentLine(1, "C")}

        assert self.matched(BankOutcome.PAID, sent).waiting == {"other"}

    def test_takes_an_answer_after_an_unknown_outcome(self) -> None:
        found = self.matched(BankOutcome.PAID, self.sent(BankOutcome.TIMEOUT_UNKNOWN))

        assert len(found.settled) == 1

    def test_takes_money_that_came_back(self) -> None:
        found = self.matched(BankOutcome.RETURNED_LATER, self.sent(BankOutcome.PAID))

        assert len(found.settled) == 1

    def test_names_every_mismatch(self) -> None:
        cases = {
            AnomalyKind.ID_UNKNOWN: self.matched(BankOutcome.PAID, {}),
            AnomalyKind.OTHER_BATCH: self.matched(BankOutcome.PAID, self.sent(batch="C")),
            AnomalyKind.AMOUNT_DIFFERS: self.matched(BankOutcome.PAID, self.sent(), fen=1),
            AnomalyKind.ALREADY_SETTLED: self.matched(
                BankOutcome.FROZEN, self.sent(BankOutcome.PAID)
            ),
        }

        for kind, found in cases.items():
            assert [anomaly.kind for anomaly in found.anomalies] == [kind]
            assert found.settled == ()


class TestSimulatedBank:
    @pytest.mark.parametrize(("suffix", "outcome"), BY_SUFFIX.items())
    def test_answers_by_the_last_digits(
        self, bank: SimulatedBank, suffix: str, outcome: BankOutcome
    ) -> None:
        line = payment(suffix=suffix)

        assert bank.send(line, key=line.end_to_end_id).outcome is outcome
        assert bank.payments(line.end_to_end_id) == 0

    def test_drops_a_repetition(self, bank: SimulatedBank, tmp_path: Path) -> None:
        line = payment()
        bank.send(line, key=line.end_to_end_id)
        restarted = SimulatedBank(tmp_path / "book.sqlite3")

        assert restarted.send(line, key=line.end_to_end_id).outcome is BankOutcome.DUPLICATE
        assert restarted.payments(line.end_to_end_id) == 1

    def test_shows_what_a_bank_without_duplicate_check_does(self, tmp_path: Path) -> None:
        bank = SimulatedBank(tmp_path / "book", drops_repeats=False)
        line = payment()

        for _ in range(2):
            bank.send(line, key=line.end_to_end_id)

        assert bank.payments(line.end_to_end_id) == 2

    @pytest.mark.parametrize(
        ("mode", "known"),
        [
            (Mode.TIMEOUT_AFTER_ACCEPT, True),
            (Mode.ERROR_AFTER_ACCEPT, True),
            (Mode.SLOW, True),
            (Mode.TIMEOUT_BEFORE_ACCEPT, False),
        ],
    )
    def test_leaves_the_outcome_unknown_until_asked(
        self,
        bank: SimulatedBank,
        mode: Mode,
        known: bool,  # noqa: FBT001 - a case of the table
    ) -> None:
        bank.mode = mode
        line = payment()

        with pytest.raises(PortUnavailable) as refused:
            bank.send(line, key=line.end_to_end_id)

        assert refused.value.outcome_unknown
        assert (bank.query(line.end_to_end_id) is not None) is known

    def test_says_duplicate_and_knows_the_payment(self, bank: SimulatedBank) -> None:
        bank.mode = Mode.DUPLICATE_409
        line = payment()

        assert bank.send(line, key=line.end_to_end_id).outcome is BankOutcome.DUPLICATE
        known = bank.query(line.end_to_end_id)
        assert known is not None
        assert known.outcome is BankOutcome.PAID

    def test_pays_a_wrong_amount(self, bank: SimulatedBank) -> None:
        bank.mode = Mode.WRONG_AMOUNT
        line = payment()

        assert bank.send(line, key=line.end_to_end_id).amount_fen == line.amount_fen + 1

    def test_takes_no_key_but_the_id(self, bank: SimulatedBank) -> None:
        with pytest.raises(PortUnavailable) as refused:
            bank.send(payment(), key="another")

        assert not refused.value.outcome_unknown

    def test_sends_money_back(self, bank: SimulatedBank) -> None:
        line = payment()
        bank.send(line, key=line.end_to_end_id)

        assert bank.bounce(line.end_to_end_id).outcome is BankOutcome.RETURNED_LATER
        with pytest.raises(PortUnavailable):
            bank.bounce("unknown")

    @FORMATS
    def test_answers_a_file_with_a_file(self, bank: SimulatedBank, form: BankFormat) -> None:
        lines = [payment(1), payment(2, suffix="0001"), payment(3, suffix="0006")]
        data = bank_format.write(form, BATCH, lines).data

        first = bank.take_file(form, data, batch=BATCH.number, on=ON)
        second = bank.take_file(form, data, batch=BATCH.number, on=ON)

        outcomes = [line.answer.outcome for line in bank_results.read(form, first).lines]
        assert outcomes == [
            BankOutcome.PAID,
            BankOutcome.ACCOUNT_CLOSED,
            BankOutcome.TIMEOUT_UNKNOWN,
        ]
        repeated = {line.answer.outcome for line in bank_results.read(form, second).lines}
        assert repeated == {BankOutcome.DUPLICATE}
        assert bank.payments(lines[0].end_to_end_id) == 1

    def test_rejects_a_whole_file_and_takes_it_later(self, bank: SimulatedBank) -> None:
        data = bank_format.write(CSV_UTF8, BATCH, [payment(1), payment(2)]).data
        bank.mode = Mode.REJECT_FILE

        rejected = bank.take_file(CSV_UTF8, data, batch=BATCH.number, on=ON)
        bank.mode = Mode.OK
        taken = bank.take_file(CSV_UTF8, data, batch=BATCH.number, on=ON)

        assert bank_results.read(CSV_UTF8, rejected).is_rejected_whole
        assert not bank_results.read(CSV_UTF8, taken).is_rejected_whole
