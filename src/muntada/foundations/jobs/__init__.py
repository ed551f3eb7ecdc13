"""Long work: jobs run by a worker, with one progress page and one recovery rule.

A stage declares a kind (`kinds.job_kind`), orders it (`actions.order`, or for an upload
`actions.keep_upload` and `actions.begin`) and carries it out (`running.carries_out`). See
docs/developing/long_work.md.
"""
