"""Queries and questions of requests put to the pool, and its answers as responses, each whole or not at all."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, cast

from starlette.responses import Response

from coopgraph.errors import DataError, QueryError, ServerError
from coopgraph.site.served import forms
from coopgraph.site.served.content import BEHIND
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
RETRY_AFTER = {"Retry-After": "2"}


async def answered(live: LiveGraph, job: Mapping[str, Any], seconds: float, receive: Receive) -> Answer:
    """Return the answer to a job, kept or from the pool; where the client goes meanwhile, the query is stopped.

    Raises `Problem`, and `ServerError` where the server that keeps the graph does not answer as it should.
    """
    content = live.pool.written(job, seconds)
    answer = live.kept.get(live.generation, content)
    if answer is None:
        answer = await _asked(live.pool, content, seconds, receive)
        live.kept.keep(content, job["text"], answer)
    if answer.head.get("status") == BEHIND:
        raise ServerError(answer.head["error"])
    if "error" in answer.head:
        raise Problem(answer.head["status"], answer.head["error"])
    if answer.head.get("status") == 406:
        raise forms.not_acceptable(answer.head["kind"])
    return answer


async def _asked(pool: Pool, job: bytes, seconds: float, receive: Receive) -> Answer:
    try:
        return await _while_there(pool.run(job, seconds), receive)
    except BusyError as error:
        raise Problem(503, str(error), RETRY_AFTER) from None
    except QueryError as error:
        raise Problem(503 if pool.is_closed else 400, str(error)) from None
    except DataError as error:
        raise Problem(503, str(error), RETRY_AFTER) from None


async def _while_there(work: Coroutine[Any, Any, Answer], receive: Receive) -> Answer:
    """Return what the work gives, which is given up where the client goes; most is done before that is looked for."""
    loop = asyncio.get_running_loop()
    watch = _Watch(cast("asyncio.Task[Any]", asyncio.current_task()), receive)
    timer = loop.call_later(_PATIENCE, watch.begin)
    try:
        return await work
    except asyncio.CancelledError:
        watch.task.uncancel()
        if watch.is_gone:
            raise Problem(499, "the client has gone") from None
        raise Problem(503, "the server is stopping; ask again when it is back", RETRY_AFTER) from None
    finally:
        timer.cancel()
        watch.end()


class _Watch:
    """Looks whether a client is still there, and cancels what is done for it when it has gone."""

    def __init__(self, task: asyncio.Task[Any], receive: Receive) -> None:
        self.task, self._receive = task, receive
        self._looking: asyncio.Task[None] | None = None
        self.is_gone = False

    def begin(self) -> None:
        self._looking = asyncio.ensure_future(self._look())

    async def _look(self) -> None:
        await _gone(self._receive)
        self.is_gone = True
        self.task.cancel()

    def end(self) -> None:
        if self._looking is not None:
            self._looking.cancel()


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
