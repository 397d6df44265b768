"""A conversation with a language model on a server that speaks as OpenAI's does, with all that can go wrong in it."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from coopgraph.errors import DataError, short

if TYPE_CHECKING:
    from types import TracebackType

    import httpx

    from coopgraph.reading.settings import Settings

_SECONDS = 180.0
"""How long one answer may take."""
_BYTES = 4_000_000
"""How long one answer may be."""
_TRIES = 3
_WAIT, _LONGEST_WAIT = 1.0, 30.0
"""Seconds before a request that failed is made again, and at most where the server says how many."""
_BUSY = (408, 429, 500, 502, 503, 504)
_MOST_TOKENS = 8_000


class Answer(NamedTuple):
    """What a model answered, and why it ended: `stop`, `length`, or `failed` with what happened as the text."""

    text: str
    reason: str


class _Failed(Exception):  # noqa: N818 - a request that fails may be made again
    """A request that failed in a way that another may not."""

    def __init__(self, message: str, wait: float | None = None) -> None:
        super().__init__(message)
        self.wait = wait


class Chat:
    """A connection to a server; close it, or use it in a `with` statement."""

    def __init__(self, settings: Settings, schema: dict[str, Any]) -> None:
        import httpx

        headers = {"Authorization": f"Bearer {settings.key}"} if settings.key else {}
        timeout = httpx.Timeout(_SECONDS, connect=10)
        self._client = httpx.Client(headers=headers, timeout=timeout, follow_redirects=False, trust_env=False)
        self._settings = settings
        self._format: dict[str, Any] | None = {
            "type": "json_schema",
            "json_schema": {"name": "claims", "strict": True, "schema": schema},
        }
        self._has_answered = False

    def __enter__(self) -> Chat:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def ask(self, messages: list[dict[str, str]]) -> Answer:
        """Return the answer to messages; a server that fails is asked again, a few times.

        Raises `DataError` where the server cannot be used: it refuses the key, leads elsewhere, or never answers.
        """
        fault = ""
        for attempt in range(_TRIES):
            try:
                answer = self._request(messages)
            except _Failed as error:
                fault = str(error)
                if attempt + 1 < _TRIES:
                    time.sleep(min(error.wait if error.wait is not None else _WAIT * 2**attempt, _LONGEST_WAIT))
            else:
                self._has_answered = True
                return answer
        if not self._has_answered:
            raise DataError(f"{self._settings.host}: {fault}; check the address and that the server runs")
        return Answer(fault, "failed")

    def _request(self, messages: list[dict[str, str]]) -> Answer:
        import httpx

        body: dict[str, Any] = {
            "model": self._settings.model,
            "messages": messages,
            "temperature": 0,
            "max_tokens": _MOST_TOKENS,
            "stream": False,
        }
        if self._format:
            body["response_format"] = self._format
        try:
            with self._client.stream("POST", f"{self._settings.address}/chat/completions", json=body) as response:
                return self._answer(response, messages)
        except httpx.TimeoutException as error:
            raise _Failed("does not answer in time") from error
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            raise _Failed(f"cannot be asked ({short(str(error) or type(error).__name__)})") from error

    def _answer(self, response: httpx.Response, messages: list[dict[str, str]]) -> Answer:
        """Return the answer in a response, or say what the response is instead."""
        if response.is_redirect:
            where = short(response.headers.get("location", "elsewhere"))
            raise DataError(f"{self._settings.host}: leads to {where}, where nothing is sent; name that address itself")
        if response.status_code in (401, 403):
            raise DataError(f"{self._settings.host}: refuses the key; set COOPGRAPH_LLM_KEY to one that it takes")
        if response.status_code in _BUSY:
            raise _Failed(f"answers with status {response.status_code}", _seconds(response.headers.get("retry-after")))
        text = _read(response)
        if response.status_code in (400, 404, 422) and self._format:
            self._format = None  # the server takes no schema: the prompt has it too
            return self._request(messages)
        if response.status_code != 200:
            detail = short(" ".join(text.split()), 200)
            status = f"answers with status {response.status_code}: {detail}"
            raise DataError(f"{self._settings.host}: {status}; check the model's name")
        return _choice(text)


def _read(response: httpx.Response) -> str:
    """Return the body of a response, as far as it may be long and take time."""
    data, end = bytearray(), time.monotonic() + _SECONDS
    for part in response.iter_bytes():
        data += part
        if len(data) > _BYTES:
            raise _Failed(f"answers with more than {_BYTES // 1_000_000} MB", 0)
        if time.monotonic() > end:
            raise _Failed("does not end its answer in time", 0)
    return data.decode("utf-8", "replace")


def _choice(text: str) -> Answer:
    """Return the first choice of an answer."""
    try:
        choice = json.loads(text)["choices"][0]
        content, reason = choice["message"]["content"], choice.get("finish_reason")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise _Failed("answers in a form that is not that of OpenAI's", 0) from error
    if reason == "length":
        return Answer("the answer was cut off", "length")
    return Answer(content if isinstance(content, str) else "", "stop")


def _seconds(header: str | None) -> float | None:
    """Return how long a server asks to wait."""
    return float(header) if header and header.strip().isdecimal() else None
