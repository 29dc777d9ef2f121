"""What names mean in complaints."""

COMPLAINTS = {
    "answer": "答复的内容；还没有答复为空",
    "answer_by": "最晚哪天答复",
    "answered_at": "什么时候答复的；没有为空",
    "answered_by": "谁答复的；没有为空",
    "answered_on": "哪天答复的；没有为空",
    "answering_limit": "答复期限",
    "complaint": "投诉建议的编号（UUID）",
    "text": "文字；地址里的是它的编号（SHA-256）",
    "hours": "接听时间",
    "once": "客户端随机生成的提交编号，16 至 64 个可见字符；重发时保持不变",
    "outcome": "corrected 已更正；accepted 已采纳；explained 已说明；没有答复为空",
    "outcome_label": "答复结果的中文名",
    "received_on": "哪天收到的；匿名的为提出的次日",
    "issued_documents": "已经签发、还印着所清除照片的公文：文件不变，请收回纸质件或另行更正",
    "kinds": "可以选的种类",
}

NARROWER_COMPLAINTS = {
    "ComplaintOut.number": "回执编号",
    "ComplaintOut.by": "署名的工作人员；居民和匿名的为空",
    "ComplaintOut.phone": "居民留的电话；没有留或已到期删除为空",
    "ComplaintOut.source": "resident 居民；staff 工作人员；anonymous_staff 工作人员（匿名）",
    "ComplaintOut.ticket": "投诉的是哪张工单；没有注明为空",
    "ComplaintOut.compound": "居民从哪个小区的码提出；其他为空",
    "ComplaintOut.version": "版本号，每改一次加一",
    "ComplaintOut.overdue": "过了期限还没有答复",
    "ComplaintOut.due_at": "答复期限",
    "ComplaintOut.office": "答复单位",
    "ComplaintOut.text": "投诉建议的内容",
    "RemoveIn.reason": "为什么清除；写进记录链",
    "RemoveIn.photo_ids": "要清除的照片，须是所注明工单的",
    "AnswerIn.outcome": "corrected 已更正；accepted 已采纳；explained 已说明",
    "AnswerIn.answer": "答复的内容，对方会看到",
    "ReceiptOut.number": "回执编号",
    "ReceiptOut.code": "查询码，只给这一次",
    "ReceiptIn.number": "回执编号",
    "ReceiptIn.code": "查询码，不分大小写，可以不写连字符",
    "ReceivedOut.number": "回执编号",
    "ReceivedOut.office": "答复单位",
    "ReceivedOut.text": "投诉建议的内容",
    "ResidentIn.text": "想说的，最多 1000 字；不写姓名、身份证号码和房号",
    "ResidentIn.phone": "联系电话，可以不填；只有答复单位看得到，到期删除",
    "ResidentIn.ticket_number": "通知书上的工单号，可以不填",
    "StaffIn.text": "想说的，最多 1000 字",
    "StaffIn.office": "答复单位的编码：本镇或县；不写为本镇，没有镇的为县",
    "AnonymousIn.text": "想说的，最多 1000 字；不写能认出自己的话",
    "AnonymousIn.office": "答复单位的编码：本镇或县；不写为本镇，没有镇的为县",
    "PlaceOut.office": "答复单位",
    "OfficeIn.phone": "公开的电话",
    "OfficeOut.phone": "公开的电话；没有写为空",
    "office": "答复单位的编码",
}
NARROWER_COMPLAINTS |= {
    name.replace("ComplaintOut.", "RemovedOut."): said
    for name, said in NARROWER_COMPLAINTS.items()
    if name.startswith("ComplaintOut.")
}
