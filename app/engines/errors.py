"""What stands in the way of a move."""

from app.kernel.errors import Rejected


class MoveRefused(Rejected):
    """The target is somebody else's, the source is in use, or what arrived is not what left."""
