"""JSON of background work."""

from pydantic import Field

from app.kernel.schemas import Output
from app.work.models import JobState


class JobOut(Output):
    """A piece of background work, for who asked for it and for administrators."""

    id: str
    kind: str = Field(description="任务的种类")
    kind_label: str = Field(description="种类的中文名")
    state: JobState = Field(
        description="waiting 等待；running 进行中；cancelling 正在取消；done 完成；"
        "dead 失败待处理；cancelled 已取消"
    )
    state_label: str
    progress: int = Field(description="做了百分之几（0–100）")
    progress_text: str = Field(description="正在做什么；还没开始为空文字")
    attempts: int = Field(description="第几次做；还没开始为 0")
    requested_at: str = Field(description="提出的时间")
    ended_at: str | None = Field(description="结束的时间；没有结束为空")
