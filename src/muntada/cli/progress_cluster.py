"""Judge series against targets as `progress` does, on a cluster of Dask workers: the same rows, byte by byte.

The files are read here; the workers are sent blocks of series. This needs the extra `cluster`.
"""

import argparse
import sys
from functools import partial

from muntada.cli.progress import add_files, at_least_one, judge
from muntada.engines.opinion.cluster import cluster_at, local_cluster
from muntada.engines.progress.parts import Gathered, assess_on

LOCAL = "local"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_files(parser)
    parser.add_argument(
        "--cluster",
        metavar="ADDRESS",
        default=LOCAL,
        help="where the scheduler of Dask listens, as in tcp://10.0.0.1:8786 (default: local, which starts"
        " workers on this machine alone)",
    )
    parser.add_argument(
        "--workers", metavar="N", type=at_least_one, default=2, help="local workers (default: 2)"
    )


def run(arguments: argparse.Namespace) -> int:
    is_local = arguments.cluster == LOCAL
    try:
        with local_cluster(arguments.workers) if is_local else cluster_at(arguments.cluster) as client:
            return judge(arguments, partial(assess_on, Gathered(client)))
    except (OSError, ValueError) as fault:
        sys.stderr.write(f"The series could not be judged on the cluster '{arguments.cluster}': {fault}\n")
        return 2
