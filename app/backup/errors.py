"""What stands in the way of a backup or of its coming back."""

from app.kernel.errors import Rejected


class BackupRefused(Rejected):
    """There is nothing to back up, a backup is not whole, or its place is taken."""
