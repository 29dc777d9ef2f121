"""The rules of checklists that can be broken."""

from app.kernel.errors import Conflict, Rejected


class SiteUnknown(Rejected):
    """No such site of this checklist, or its photo was taken elsewhere."""

    code = "site_unknown"
    title = "这份清单没有这个地方"


class ItemUnknown(Rejected):
    """The checklist has no such item for this kind of unit."""

    code = "item_unknown"
    title = "清单里没有这一项"


class ItemHasTicket(Conflict):
    """The missing item is a ticket already."""

    code = "item_has_ticket"
    title = "这一项已经有工单"


class NoTicketOfChecklist(Conflict):
    """The checklist names no category that its gaps are tickets of."""

    code = "no_ticket_of_checklist"
    title = "这份清单的缺项不转工单"
