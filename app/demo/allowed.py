"""Where demonstration data may live: on this machine only, and never in an operator's database."""

import ipaddress
from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """Where a server is about to run: its address, its database engine, its environment."""

    host: str
    embedded: bool
    production: bool

    @property
    def loopback(self) -> bool:
        """Whether only this machine reaches the address."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host.strip("[]")).is_loopback
        except ValueError:
            return False

    @property
    def may_demonstrate(self) -> bool:
        """Demonstration data: on loopback, with the embedded engine, outside production."""
        return self.loopback and self.embedded and not self.production


@dataclass(frozen=True)
class Holdings:
    """What a database holds: any organisation at all, and whether they are the demonstration's."""

    filled: bool
    demonstration: bool


def refusal(place: Place, holdings: Holdings) -> str | None:
    """Why a server may not start there with what its database holds, in one sentence; None: it may.

    An empty database is no obstacle where the demonstration may be loaded into it.
    """
    if place.may_demonstrate or (holdings.filled and not holdings.demonstration):
        return None
    if holdings.demonstration:
        return (
            f"数据库里是演示资料，只能用内置数据库在本机（127.0.0.1）使用，不能{_wish(place)}；"
            "请用 GEXUN_DATABASE_URL 换一个数据库，装入本地的乡镇资料后再启动。"
        )
    return (
        f"数据库是空的，而演示资料只在本机（127.0.0.1）的内置数据库里提供，不能{_wish(place)}；"
        "请先设置 GEXUN_DATABASE_URL、GEXUN_PHOTO_STORE、GEXUN_SECRET_KEY，"
        "再用 flask --app wsgi township load 目录 装入本地的乡镇资料。"
    )


def _wish(place: Place) -> str:
    if place.production:
        return "用于正式环境（GEXUN_ENV=production）"
    if not place.loopback:
        return f"对外开放（HOST={place.host}）"
    return "装入自备的数据库"
