"""A day of a month in Russian: the month in the genitive, without the year."""

MONTH_DAY_FORMAT = "j E"
