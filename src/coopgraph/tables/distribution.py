"""Where the parts of a table are mapped: in this process, in several of this machine, or on a Dask cluster.

Each gives the same results in the same order; what a part gives depends on nothing but what it is given.
"""

from __future__ import annotations

from concurrent.futures import CancelledError
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from coopgraph.build import workers
from coopgraph.errors import DataError, install, short

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from coopgraph.tables.part import Function, Part, PartContext, Run, Workers
    from coopgraph.tables.row_claims import Placed

_FEW = 3
"""Parts for which it does not pay to start processes."""
_PATIENCE = 10
"""Seconds that a scheduler is given to answer."""


@contextmanager
def on_this_machine(context: PartContext, parts: int) -> Iterator[Run]:
    """Give what maps a function over parts, in several processes where there are many."""
    if parts < _FEW:
        yield lambda function, chunks: map(partial(function, context), chunks)
        return
    with workers.started(workers.cores(), context) as run:
        yield run


def on_cluster(address: str) -> Workers:
    """Return what maps parts on the Dask cluster whose scheduler is at an address, such as `tcp://10.0.0.7:8786`.

    Its workers have the same version of coopgraph. Raises `DataError` where there is no such cluster.
    """

    @contextmanager
    def started(context: PartContext, parts: int) -> Iterator[Run]:
        try:
            from distributed import Client, KilledWorker
            from distributed.client import FutureCancelledError
        except ImportError as error:
            raise DataError(f"--workers {address}: {error}; {install('dask')}") from error
        del parts
        try:
            client = Client(address, timeout=_PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call]
        except (OSError, ValueError, TypeError) as error:
            what = short(" ".join(str(error).split()), 120)
            raise DataError(f"--workers {address}: no scheduler of Dask answers ({what}); start one") from error
        with client:
            if not client.scheduler_info().get("workers"):
                raise DataError(f"--workers {address}: the cluster has no workers; start some with dask worker")

            def run(function: Function, chunks: Iterable[Sequence[Placed]]) -> list[Part]:
                try:
                    shared = client.scatter(context, broadcast=True)  # type: ignore[no-untyped-call]
                    futures = [client.submit(function, shared, chunk, pure=False) for chunk in chunks]
                    return list(client.gather(futures))  # type: ignore[no-untyped-call]
                except (CancelledError, FutureCancelledError, KilledWorker, OSError, ImportError) as error:
                    what = short(" ".join(str(error).split()), 120)
                    advice = "see that they run, have memory and the same coopgraph, and try again"
                    raise DataError(f"--workers {address}: its workers have failed ({what}); {advice}") from error

            yield run

    return started
