"""The KPIs by name: the catalogue weighs them in the composite, the figures define them."""

from enum import StrEnum


class KpiCode(StrEnum):
    """The KPIs of the standard life cycle."""

    rectified = "rectified"
    rectified_in_time = "rectified_in_time"
    closed = "closed"
    closed_in_time = "closed_in_time"
    reworked = "reworked"
    extended = "extended"
    overdue = "overdue"
    filed_in_time = "filed_in_time"
    filed_accurately = "filed_accurately"
    valid_reports = "valid_reports"
    closed_same_day = "closed_same_day"


KPI_NAMES = {
    KpiCode.rectified: "处置率",
    KpiCode.rectified_in_time: "按期处置率",
    KpiCode.closed: "结案率",
    KpiCode.closed_in_time: "按期结案率",
    KpiCode.reworked: "返工率",
    KpiCode.extended: "延期率",
    KpiCode.overdue: "超期待处置率",
    KpiCode.filed_in_time: "按时立案率",
    KpiCode.filed_accurately: "准确立案率",
    KpiCode.valid_reports: "有效上报率",
    KpiCode.closed_same_day: "当日办结率",
}
