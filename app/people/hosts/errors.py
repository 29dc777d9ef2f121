"""What goes wrong between this program, somebody and a host platform."""

from app.kernel.errors import Conflict, NotAllowed, NotSignedIn, Rejected, TooMany, Unavailable


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


class HostSilent(HostUnavailable):
    """The host was asked and gave no answer in time: whether it did as asked is not known."""


class AccountClosed(NotSignedIn):
    """Somebody at a host is a person whose account is closed."""

    code = "account_closed"
    title = "账号已停用"


class BindingRequired(Conflict):
    """Somebody at a host is nobody here yet; `binding_ticket` in `extra` lets them bind."""

    code = "binding_required"
    title = "请先绑定账号"


class BindingTicketRefused(Rejected):
    """A binding ticket that is over, altered, or another app's."""

    code = "binding_ticket_refused"
    title = "绑定已超时，请重新登录"


class AlreadyBound(Conflict):
    """The account, or the somebody at the host, is bound already."""

    code = "already_bound"
    title = "已绑定过，不能再绑定"


class PhoneNotRegistered(NotAllowed):
    """No account in use has this phone number."""

    code = "phone_not_registered"
    title = "这个手机号没有登记"


class ConsentRequired(Conflict):
    """The person has not agreed to the privacy guide in force; `privacy_version` in `extra`."""

    code = "consent_required"
    title = "请先阅读并同意隐私保护指引"
