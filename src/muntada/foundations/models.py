from django.conf import settings
from django.contrib.postgres.indexes import HashIndex
from django.db import models


class SentForm(models.Model):
    """The last submission of a form on one page in one browser, and its answer.

    `key` is a digest of the page's token and the address; `content` is a digest of all fields and
    files. The answer is stored in the transaction that inserts the row.
    """

    key = models.CharField(max_length=64, primary_key=True)
    content = models.CharField(max_length=64)
    address = models.TextField()
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+"
    )
    sent_at = models.DateTimeField(db_index=True)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    headers = models.JSONField(default=dict, blank=True)
    body = models.BinaryField(default=b"", blank=True)

    class Meta:
        indexes = [HashIndex(fields=["address"], name="sent_form_address")]

    def __str__(self) -> str:
        return f"{self.address} ({self.sent_at})"


class RateCount(models.Model):
    """The used part of a rate limit. `key` is a digest and reveals no address or browser.

    Each attempt moves `free_at` forward by one step. Attempts are refused while it is further away than
    the period of the limit; once it is in the past, the row can be deleted.
    """

    key = models.CharField(max_length=64, primary_key=True)
    free_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.key[:8]} until {self.free_at}"
