"""Solvers of workbooks that belong to other timetabling benchmarks. The product knows nothing of them."""
