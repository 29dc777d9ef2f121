"""The rules of dossiers that can be broken."""

from app.kernel.errors import Conflict, Rejected


class DossierUnsuitable(Rejected):
    """A dossier is about a town, a community or a village, and a term that has begun."""

    code = "dossier_unsuitable"
    title = "不能做这份档案"


class DossierOutdated(Conflict):
    """A photo in the file was removed since, or is covered otherwise now."""

    code = "dossier_outdated"
    title = "做好以后照片有变动，这份不能再下载"


class DossierUnderWay(Conflict):
    """The same dossier is being made."""

    code = "dossier_under_way"
    title = "这份档案正在生成"
