def back_to(app, monkeypatch, **query):
    """Go to another address as the browser's Back and Forward do."""
    app.query_params.clear()
    for key, value in query.items():
        app.query_params[key] = value
    with monkeypatch.context() as patch:
        patch.setattr("forecast.pages.address._by_history", lambda other: True)
        return app.run()


def text_of(app):
    """Everything a person can read on a page."""
    kinds = (app.title, app.header, app.markdown, app.html, app.caption, app.warning, app.error, app.info)
    return "\n".join(str(getattr(one, "value", None) or one.proto.body) for kind in kinds for one in kind)
