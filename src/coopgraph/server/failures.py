"""What it means that a connection to a server fails: whether another try may help, why it failed, and what to do."""

from __future__ import annotations

import os
import socket
import ssl

import httpx

from coopgraph.errors import DataError, short

UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""Failures before a byte of the request was sent."""


_SIGNERS = "SSL_CERT_FILE"
_TOO_EARLY, _EXPIRED, _SIGNED_BY_ITSELF, _OTHER_NAME, _OTHER_NUMBER = 9, 10, (18, 19, 20, 21), 62, 64
"""OpenSSL's numbers (`X509_V_ERR_...`) for what is wrong with a certificate."""


def known_signers() -> ssl.SSLContext:
    """Return how TLS is spoken: with whom the environment says to trust, else those that browsers trust."""
    try:
        return httpx.create_ssl_context()
    except OSError as error:
        raise DataError(
            f"{os.environ.get(_SIGNERS)}: cannot be read as certificates ({error.strerror or error}); "
            f"mend or unset {_SIGNERS}, which names it"
        ) from error


def passes(error: httpx.TransportError) -> bool:
    """Say whether a failure may be gone the next time; a slow answer would only be asked for twice."""
    return not isinstance(error, (httpx.ReadTimeout, httpx.WriteTimeout, httpx.UnsupportedProtocol)) and not (
        _caused(error, socket.gaierror) or _of_tls(error)
    )


def _of_tls(error: BaseException) -> ssl.SSLError | None:
    """Return the error of TLS that led to an error; that the other side hung up is none."""
    found = _caused(error, ssl.SSLError)
    return found if isinstance(found, ssl.SSLError) and not isinstance(found, ssl.SSLEOFError) else None


def _mistrust(error: ssl.SSLError) -> str:
    """Return why a server is not spoken with over TLS, and what to do."""
    if not isinstance(error, ssl.SSLCertVerificationError):
        return f"cannot be spoken with over TLS ({error.reason or error}); check whether the address is one of https"
    said, code = error.verify_message.rstrip("."), error.verify_code
    if code in (_EXPIRED, _TOO_EARLY):
        return f"its {said}; have it renewed, or set the clock of this machine right"
    if code in (_OTHER_NAME, _OTHER_NUMBER):
        return f"its certificate is for another name ({said}); write the address with the name that it is for"
    if code in _SIGNED_BY_ITSELF:
        return (
            f"nobody known here has signed its certificate ({said}); where you trust who has, "
            f"set {_SIGNERS} to a file with the certificate of theirs"
        )
    return f"its certificate cannot be trusted ({said}); mend it"


def told(error: Exception) -> str:
    """Return what a failure of the connection means and what to do."""
    detail = short(" ".join(str(error).split()), 120) or type(error).__name__
    tls = _of_tls(error)
    network = "check the address and the network"
    meanings: list[tuple[object, str]] = [
        (tls, _mistrust(tls) if tls else ""),
        (isinstance(error, httpx.LocalProtocolError), "cannot be asked in this way; check the address"),
        (_caused(error, socket.gaierror), f"there is no such host; {network}"),
        (_caused(error, ConnectionRefusedError), "nothing listens there; start the server, or check the address"),
        (isinstance(error, httpx.ConnectTimeout), f"does not answer; {network}"),
        (isinstance(error, httpx.TimeoutException), "has sent nothing for too long; narrow the query, or wait"),
        (isinstance(error, httpx.ProxyError), f"the proxy does not pass it on ({detail}); check HTTPS_PROXY"),
        (isinstance(error, httpx.ConnectError), f"cannot be reached ({detail}); {network}"),
    ]
    return next((meaning for is_so, meaning in meanings if is_so), f"broke off ({detail}); try again")


def _caused(error: BaseException, *kinds: type[BaseException]) -> BaseException | None:
    """Return the error of one of the kinds that led to an error."""
    seen: BaseException | None = error
    while seen is not None and not isinstance(seen, kinds):
        seen = seen.__cause__ or seen.__context__
    return seen
