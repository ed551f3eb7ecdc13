"""A day of a month in Chinese: the month without a leading nought."""

MONTH_DAY_FORMAT = "n月j日"
