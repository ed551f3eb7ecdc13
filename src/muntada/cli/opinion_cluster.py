"""Analyse the votes of a Polis export in parts, on a cluster of Dask workers: what `opinion --quick` finds.

Only sums travel between the machines. The parts are written to a folder which every worker has to see under
the same name; a worker that is lost has its parts read again from there by the others. This needs the extra
`cluster`.
"""

import argparse
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from distributed import Client

from muntada.cli.opinion import add_export, explained, read_export, show, whole_number
from muntada.engines.opinion.cluster import OnCluster, cluster_at, local_cluster
from muntada.engines.opinion.part_files import read_part, split, write_parts
from muntada.engines.opinion.partitions import SUMS_ALONE, combine, described
from muntada.engines.opinion.polis import PolisExport
from muntada.engines.opinion.result import OpinionMap
from muntada.engines.tables import TableFault

LOCAL = "local"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_export(parser)
    parser.add_argument(
        "--cluster",
        metavar="ADDRESS",
        default=LOCAL,
        help="where the scheduler of Dask listens, as in tcp://10.0.0.1:8786 (default: local, which starts"
        " workers on this machine alone)",
    )
    parser.add_argument(
        "--workers", metavar="N", type=whole_number, default=2, help="local workers (default: 2)"
    )
    parser.add_argument(
        "--parts", metavar="N", type=whole_number, default=4, help="parts of the votes (default: 4)"
    )
    parser.add_argument(
        "--parts-in",
        metavar="FOLDER",
        type=Path,
        help="the folder for the parts, which stay there (default: one that is deleted afterwards)",
    )
    parser.add_argument(
        "--seed",
        metavar="N",
        type=whole_number,
        default=0,
        help="the start of the dice (default: 0); the same votes and seed give the same map",
    )
    parser.add_argument("--json", action="store_true", help="print the whole map as JSON")


def run(arguments: argparse.Namespace) -> int:
    if min(arguments.workers, arguments.parts) < 1:
        sys.stderr.write("--workers and --parts are at least 1.\n")
        return 2
    try:
        export = read_export(arguments)
    except TableFault as fault:
        sys.stderr.write(f"{explained(fault)}\n")
        return 2
    try:
        with _folder(arguments.parts_in) as folder, _cluster(arguments) as client:
            opinion = _analysed(export, folder, client, arguments)
    except (OSError, ValueError) as fault:
        sys.stderr.write(f"The votes could not be analysed on the cluster '{arguments.cluster}': {fault}\n")
        return 2
    show(export, opinion, as_json=arguments.json)
    return 0


@contextmanager
def _folder(given: Path | None) -> Iterator[Path]:
    if given is None:
        with TemporaryDirectory(prefix="muntada-parts-") as folder:
            yield Path(folder)
    else:
        given.mkdir(parents=True, exist_ok=True)
        yield given.resolve()


def _cluster(arguments: argparse.Namespace) -> AbstractContextManager[Client]:
    if arguments.cluster == LOCAL:
        return local_cluster(arguments.workers)
    return cluster_at(arguments.cluster)


def _analysed(export: PolisExport, folder: Path, client: Client, arguments: argparse.Namespace) -> OpinionMap:
    table = export.table()
    parts = split(table, arguments.parts)
    on_cluster = OnCluster.loaded(client, read_part, write_parts(folder, parts))
    found = combine(on_cluster, table.left_out(), SUMS_ALONE, arguments.seed)
    return described(found, table, SUMS_ALONE, arguments.seed, [one.names for one in parts])
