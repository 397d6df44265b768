"""Queries and questions of requests put to the pool, and its answers as responses, each whole or not at all."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from coopgraph.errors import DataError, QueryError
from coopgraph.site.served import forms
from coopgraph.site.served.pool import BusyError
from coopgraph.site.served.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Coroutine, Mapping

    from starlette.types import Receive

    from coopgraph.site.served.forms import Choice
    from coopgraph.site.served.live import LiveGraph
    from coopgraph.site.served.pool import Answer, Pool

CUT, MOST_ROWS = "Coopgraph-Cut", "X-SPARQL-MaxRows"
"""The headers that say after how many rows or bytes an answer was cut; the second, of rows alone, is Virtuoso's too."""
_PATIENCE = 0.1
"""Seconds after which it is looked whether the client is still there."""
_RETRY_AFTER = {"Retry-After": "2"}


async def answered(live: LiveGraph, job: Mapping[str, Any], seconds: float, receive: Receive) -> Answer:
    """Return the answer to a job, kept or from the pool; where the client goes meanwhile, the query is stopped.

    Raises `Problem`.
    """
    answer = live.kept.get(live.generation, job)
    if answer is None:
        answer = await _asked(live.pool, job, seconds, receive)
        live.kept.keep(job, answer)
    if "error" in answer.head:
        raise Problem(answer.head["status"], answer.head["error"])
    if answer.head.get("status") == 406:
        raise forms.not_acceptable(answer.head["kind"])
    return answer


async def _asked(pool: Pool, job: Mapping[str, Any], seconds: float, receive: Receive) -> Answer:
    try:
        return await _while_there(pool.run(job, seconds), receive)
    except BusyError as error:
        raise Problem(503, str(error), _RETRY_AFTER) from None
    except QueryError as error:
        raise Problem(503 if pool.is_closed else 400, str(error)) from None
    except DataError as error:
        raise Problem(503, str(error), _RETRY_AFTER) from None


async def _while_there(work: Coroutine[Any, Any, Answer], receive: Receive) -> Answer:
    task = asyncio.ensure_future(work)
    try:
        done, _ = await asyncio.wait({task}, timeout=_PATIENCE)
        if done:
            return task.result()
        gone = asyncio.ensure_future(_gone(receive))
        await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise Problem(499, "the client has gone")
        gone.cancel()
        return task.result()
    finally:
        if not task.done():
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def _gone(receive: Receive) -> None:
    """Return when the client has closed the connection; a body that is still to come is passed over."""
    while (await receive())["type"] != "http.disconnect":
        pass


def response(answer: Answer, choices: Mapping[str, Choice]) -> Response:
    """Return the response that carries an answer, in the media type that was chosen for its kind."""
    media_type = choices[answer.head["kind"]].media_type
    headers = {"Content-Type": f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type}
    if answer.head["cut"]:
        headers[CUT] = f"after {answer.head['cut']}; there is more"
        number, _, noun = answer.head["cut"].partition(" ")
        if noun == "rows":
            headers[MOST_ROWS] = number
    return Response(answer.body, headers=headers)
