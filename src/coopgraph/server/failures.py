"""What it means that a connection to a server fails: whether another try may help, why it failed, and what to do."""

from __future__ import annotations

import os
import socket
import ssl

import httpx

from coopgraph.errors import DataError, short

BEFORE_SENDING = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""Failures before a byte of the request was sent."""


_CA_FILE = "SSL_CERT_FILE"
_TOO_EARLY, _EXPIRED, _UNKNOWN_AUTHORITY, _OTHER_NAME, _OTHER_NUMBER = 9, 10, (18, 19, 20, 21), 62, 64
"""OpenSSL's numbers (`X509_V_ERR_...`) for what is wrong with a certificate."""


def ssl_context() -> ssl.SSLContext:
    """Return how TLS is spoken: with whom the environment says to trust, else those that browsers trust."""
    try:
        return httpx.create_ssl_context()
    except OSError as error:
        raise DataError(
            f"{os.environ.get(_CA_FILE)}: cannot be read as certificates ({error.strerror or error}); "
            f"mend or unset {_CA_FILE}, which names it"
        ) from error


def is_transient(error: httpx.TransportError) -> bool:
    """Say whether a failure may be gone the next time; a slow answer would only be asked for twice."""
    return not isinstance(error, (httpx.ReadTimeout, httpx.WriteTimeout, httpx.UnsupportedProtocol)) and not (
        _cause(error, socket.gaierror) or _tls_error(error)
    )


def _tls_error(error: BaseException) -> ssl.SSLError | None:
    """Return the error of TLS that led to an error; that the other side hung up is none."""
    cause = _cause(error, ssl.SSLError)
    return cause if isinstance(cause, ssl.SSLError) and not isinstance(cause, ssl.SSLEOFError) else None


def _explain_tls(error: ssl.SSLError) -> str:
    """Return why a server is not spoken with over TLS, and what to do."""
    if not isinstance(error, ssl.SSLCertVerificationError):
        return f"cannot be spoken with over TLS ({error.reason or error}); check whether the address is one of https"
    reason, code = error.verify_message.rstrip("."), error.verify_code
    if code in (_EXPIRED, _TOO_EARLY):
        return f"its {reason}; have it renewed, or set the clock of this machine right"
    if code in (_OTHER_NAME, _OTHER_NUMBER):
        return f"its certificate is for another name ({reason}); write the address with the name that it is for"
    if code in _UNKNOWN_AUTHORITY:
        return (
            f"nobody known here has signed its certificate ({reason}); where you trust who has, "
            f"set {_CA_FILE} to a file with the certificate of theirs"
        )
    return f"its certificate cannot be trusted ({reason}); mend it"


def explain(error: Exception) -> str:
    """Return what a failure of the connection means and what to do."""
    detail = short(" ".join(str(error).split()), 120) or type(error).__name__
    tls = _tls_error(error)
    network = "check the address and the network"
    meanings: list[tuple[object, str]] = [
        (tls, _explain_tls(tls) if tls else ""),
        (isinstance(error, httpx.LocalProtocolError), "cannot be asked in this way; check the address"),
        (_cause(error, socket.gaierror), f"there is no such host; {network}"),
        (_cause(error, ConnectionRefusedError), "nothing listens there; start the server, or check the address"),
        (isinstance(error, httpx.ConnectTimeout), f"does not answer; {network}"),
        (isinstance(error, httpx.TimeoutException), "has sent nothing for too long; narrow the query, or wait"),
        (isinstance(error, httpx.ProxyError), f"the proxy does not pass it on ({detail}); check HTTPS_PROXY"),
        (isinstance(error, httpx.ConnectError), f"cannot be reached ({detail}); {network}"),
    ]
    return next((meaning for is_so, meaning in meanings if is_so), f"broke off ({detail}); try again")


def _cause(error: BaseException, *kinds: type[BaseException]) -> BaseException | None:
    """Return the error of one of the kinds that led to an error."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, kinds):
        cause = cause.__cause__ or cause.__context__
    return cause
