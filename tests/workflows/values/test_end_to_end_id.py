import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.values.test_claim_number import numbers
from tests.workflows.values.test_period import periods
from workflows.values import end_to_end_id
from workflows.values.claim_number import ClaimNumber
from workflows.values.end_to_end_id import EndToEndId
from workflows.values.errors import InvalidEndToEndId
from workflows.values.period import Period

ids = st.builds(EndToEndId, numbers, periods, st.integers(1, 99))


class TestEndToEndId:
    def test_names_claim_month_and_issue(self) -> None:
        first = EndToEndId(ClaimNumber("SYBZ", 2026, 4718), Period(2026, 8), 1)

        assert str(first) == "SYBZ-2026-004718-3-202608-1"
        assert str(first.reissued()) == "SYBZ-2026-004718-3-202608-2"

    @given(ids)
    def test_fits_and_reads_back(self, made: EndToEndId) -> None:
        assert len(str(made)) <= end_to_end_id.LONGEST
        assert end_to_end_id.parse(str(made)) == made

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("", "shape"),
            ("SYBZ-2026-004718-3-202608-0", "shape"),
            ("SYBZ-2026-004718-3-2026-08-1", "shape"),
            ("SYBZ-2026-004718-4-202608-1", "claim_number"),
            ("SYBZ-2026-004718-3-202613-1", "period"),
            ("SYBZ20260047183-202608-1", "shape"),
        ],
    )
    def test_refuses_with_its_own_code(self, text: str, code: str) -> None:
        with pytest.raises(InvalidEndToEndId) as refused:
            end_to_end_id.parse(text)

        assert refused.value.code == code

    @pytest.mark.parametrize("issue", [0, 100])
    def test_has_no_room_for_other_issues(self, issue: int) -> None:
        with pytest.raises(InvalidEndToEndId):
            EndToEndId(ClaimNumber("SYBZ", 2026, 4718), Period(2026, 8), issue)
