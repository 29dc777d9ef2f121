"""The rules of importing that can be broken."""

from app.kernel.errors import Conflict, Rejected, TooLarge


class ImportUnreadable(Rejected):
    """Not a spreadsheet that is taken, or one without the columns that are needed."""

    code = "import_unreadable"
    title = "这个表格读不出来"


class ImportTooLarge(TooLarge):
    """More bytes than one import may have."""

    code = "import_too_large"
    title = "表格或照片压缩包过大"


class PhotoArchiveFaulty(Rejected):
    """The photos did not come as a sound zip within the bounds."""

    code = "photo_archive_faulty"
    title = "照片压缩包有问题"


class ImportFaulty(Conflict):
    """The spreadsheet has faults: nothing is made of it; `faults` lists them."""

    code = "import_faulty"
    title = "表格有错误，没有导入"


class ImportOutdated(Conflict):
    """Something has changed since the preview, so that a row cannot become a ticket any more."""

    code = "import_outdated"
    title = "预览之后情况有变，没有导入"
