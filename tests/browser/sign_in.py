"""People at a real OpenID provider on this machine, and the secrets of an app that asks it."""

import time

from oidc_provider_mock import User, run_server_in_thread

PEOPLE = {
    "ann": {"email": "Ann.Smith@norfolk.gov.uk", "email_verified": True, "name": "Ann Smith"},
    "bo": {"email": "bo@norfolk.gov.uk", "email_verified": True, "name": "Bo <b>Li</b> [x](http://evil.org)"},
    "eve": {"email": "eve@norfolk.gov.uk.evil.org", "email_verified": True, "name": "Eve"},
    "una": {"email": "una@norfolk.gov.uk", "email_verified": False, "name": "Una"},
    "olive": {"email": "olive@norfolk.gov.uk", "email_verified": True, "iat": int(time.time()) - 13 * 3600},
}
CLIENT_SECRET, COOKIE_SECRET = "hush-the-client", "hush-the-cookie-0123456789abcdef"
# Streamlit fills in its own port.
SECRETS = f"""[auth]
redirect_uri = "http://localhost:{{port}}/oauth2callback"
cookie_secret = "{COOKIE_SECRET}"
client_id = "forecast"
client_secret = "{CLIENT_SECRET}"
server_metadata_url = "PROVIDER/.well-known/openid-configuration"

[access]
domains = ["norfolk.gov.uk"]
approvers = ["ann.smith@norfolk.gov.uk"]
"""


def provider():
    """Serve the provider on a free port; a person signs in there with one click."""
    return run_server_in_thread(user_claims=[User(sub=sub, claims=claims) for sub, claims in PEOPLE.items()])


def secrets_for(server):
    """Return the secrets of an app that asks this provider."""
    return SECRETS.replace("PROVIDER", f"http://localhost:{server.server_port}")
