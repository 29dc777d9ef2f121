"""The rules of dossiers that can be broken."""

from app.kernel.errors import Conflict, Rejected


class DossierUnsuitable(Rejected):
    """A dossier is about a town, a community or a village, and a term that has begun."""

    code = "dossier_unsuitable"
    title = "不能做这份档案"


class DossierUnderWay(Conflict):
    """The same dossier is being made."""

    code = "dossier_under_way"
    title = "这份档案正在生成"
