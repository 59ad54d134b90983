"""Whether an address can be served on, found out before anything slow is loaded."""

import socket

from corpus.errors import ServingError


def check_port(host: str, port: int) -> None:
    """Find out whether an address can be served on.

    Raises:
        ServingError: it cannot.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        raise ServingError(
            f"cannot serve on {host}:{port}: {(error.strerror or str(error)).lower()}; "
            "choose another port with --port, or stop what uses it"
        ) from error
