"""A body that nobody read is read to its end, so that the connection can be used again."""

from flask import Response, request

MOST_DRAINED = 64 * 1024 * 1024
_PIECE = 64 * 1024


def read_to_the_end(response: Response) -> Response:
    """Reads what a refusal left unread of a request, up to 64 MB.

    A server that answers early and then closes takes the answer away from a client that still
    sends, and the client's next request on the same connection is lost: an upload with a dead
    token would cost the phone its next sign-in.
    """
    stream = request.environ.get("wsgi.input")
    # Only there does a stream say where it ends, whatever was read of it before.
    if response.status_code >= 400 and stream is not None and _ends_by_itself():
        left = MOST_DRAINED
        try:
            while left > 0 and (piece := stream.read(_PIECE)):
                left -= len(piece)
        except (OSError, ValueError):
            # The client is gone or sends what is no body: there is nobody to spare.
            pass
    return response


def _ends_by_itself() -> bool:
    return bool(request.environ.get("wsgi.input_terminated"))
