def text_of(app):
    """Everything a person can read on a page."""
    kinds = (app.title, app.header, app.markdown, app.html, app.caption, app.warning, app.error, app.info)
    return "\n".join(str(getattr(one, "value", None) or one.proto.body) for kind in kinds for one in kind)
