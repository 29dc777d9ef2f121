"""JSON of uploads that go straight to the store."""

from app.kernel.schemas import Input, Output


class PhotoUploadOut(Output):
    """Where to post the file, and what to name afterwards."""

    photo_upload_id: str
    url: str
    file_field: str
    fields: dict[str, str]
    max_bytes: int
    expires_at: str


class UploadLinkQuery(Input):
    """The two parts of a signed address."""

    expires: str = ""
    signature: str = ""
