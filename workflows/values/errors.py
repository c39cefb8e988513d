"""What a text that is no valid value raises. The error carries a code and never the text."""


class InvalidValue(ValueError):
    """A text cannot be read as the value asked for; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class InvalidIdNumber(InvalidValue):
    """Codes: length, old_number, characters, check_digit, impossible_date, future_date."""


class InvalidBankCard(InvalidValue):
    """Codes: length, characters, check_digit."""


class InvalidPhone(InvalidValue):
    """Codes: length, characters, not_mobile, not_office."""


class InvalidName(InvalidValue):
    """Codes: empty, length, characters."""


class InvalidMoney(InvalidValue):
    """Codes: empty, characters, exponent, sign, grouping, decimals, too_large, not_finite."""


class InvalidClaimNumber(InvalidValue):
    """Codes: shape, check_digit."""


class InvalidPeriod(InvalidValue):
    """Codes: shape, month."""


class InvalidEndToEndId(InvalidValue):
    """Codes: shape, claim_number, period, issue."""


class InvalidCalendar(InvalidValue):
    """Codes: zone, date, contradiction."""
