"""Long work: ordered once, carried out by a worker, watched on one page, recovered by one rule.

A stage declares a kind (`kinds.job_kind`), orders it (`actions.order`, or for an upload `actions.keep_upload`
and `actions.begin`) and carries it out (`running.carries_out`). docs/developing/long_work.md says how.
"""
