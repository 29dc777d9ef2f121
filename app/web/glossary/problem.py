"""The schema of every error (RFC 9457)."""

PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "urn:gexun:problem: 加错误码"},
        "title": {"type": "string", "description": "中文，可直接显示"},
        "status": {"type": "integer", "description": "HTTP 状态码"},
        "detail": {"type": "string", "description": "中文，错在哪里、怎么办"},
        "code": {"type": "string", "description": "稳定的错误码，见 docs/errors.md"},
        "errors": {
            "type": "object",
            "description": "字段 → 各条说明",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
        "current": {"type": "object", "description": "stale_version：工单现在的样子"},
        "allowed_actions": {
            "type": "array",
            "items": {"type": "string"},
            "description": "action_not_possible：现在可以做的动作",
        },
        "tickets": {
            "type": "array",
            "items": {"type": "object"},
            "description": "POST /tickets/rectify：每张不能整改的工单的 id、code、title、detail；"
            "masks_pending：照片等着遮盖的工单的 id、number 和 photos（照片的编号）",
        },
        "reference": {"type": "string", "description": "reference_unknown：还没有送达的引用"},
        "binding_ticket": {
            "type": "string",
            "description": "binding_required：绑定用的凭条，10 分钟内有效",
        },
        "privacy_version": {
            "type": "string",
            "description": "binding_required、consent_required：要同意的隐私保护指引的版本",
        },
        "max_bytes": {"type": "integer", "description": "photo_too_large：最多多少字节"},
    },
}
