from muntada.programme.requests.models import (
    checks,
    hours,
    merging,
    request_forms,
    request_versions,
    requests,
    speakers,
)

__all__ = ["checks", "hours", "merging", "request_forms", "request_versions", "requests", "speakers"]
