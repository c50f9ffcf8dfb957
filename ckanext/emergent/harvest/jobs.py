"""What RQ's workers are asked to do. A job carries ids only: the database is the truth."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from redis.exceptions import RedisError
from rq.exceptions import DuplicateJobError

from ckanext.emergent.harvest.lease import LeaseLostError, RunBusyError
from ckanext.emergent.harvest.run import carry_out

if TYPE_CHECKING:
    import ckan.plugins.toolkit as tk
else:
    import ckantoolkit as tk

log = logging.getLogger(__name__)

#: Somebody waits for these runs: they overtake the scheduled ones.
NOW = "emergent-now"


class QueueUnavailableError(Exception):
    """Redis does not answer; the run waits in the database."""


def enqueue(run_id: str) -> None:
    """Ask a worker to carry out a run; asking twice is asking once.

    Raises `QueueUnavailableError`.
    """
    options = {
        "job_id": f"emergent-run-{run_id}",
        "unique": True,
        # A run has deadlines of its own, for each request to the portal.
        "timeout": -1,
        "result_ttl": 0,
        "failure_ttl": 0,
    }
    try:
        tk.enqueue_job(
            carry_out_run, [run_id], title="Emergent: harvest", queue=NOW, rq_kwargs=options
        )
    except DuplicateJobError:
        log.info("Run %s is in the queue already", run_id)
    except RedisError as error:
        raise QueueUnavailableError from error


def carry_out_run(run_id: str) -> None:
    """Carry out a run, unless somebody else does, or it has ended meanwhile."""
    try:
        carry_out(run_id)
    except (RunBusyError, LeaseLostError):
        log.info("Run %s is in other hands", run_id)
