"""What goes wrong between this program, somebody and a host platform."""

from app.kernel.errors import NotAllowed, Rejected, TooMany, Unavailable


class CodeRefused(Rejected):
    """The host does not know the code: used already, older than five minutes, or made up."""

    code = "host_code_refused"
    title = "登录凭证已失效，请重试"


class TooManyAtHost(TooMany):
    """The host counts too many requests of this user or program."""

    code = "host_too_many"
    title = "操作过于频繁，请稍后再试"


class HostBlocked(NotAllowed):
    """The host holds this user for dangerous and gives no identity."""

    code = "host_blocked"
    title = "登录被微信拦截"


class HostUnavailable(Unavailable):
    """The host does not answer, or not as it should; the operator finds the reason in the log."""

    code = "host_unavailable"
    title = "微信暂时没有应答，请稍后再试"
