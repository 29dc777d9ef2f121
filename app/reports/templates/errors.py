"""The rules of templates that can be broken."""

from app.kernel.errors import Rejected


class TemplateFaulty(Rejected):
    """A template that cannot be filled in; `detail` says each fault, and where it is."""

    code = "template_faulty"
    title = "模板有错误，没有收下"
