"""A small identity provider on this machine (OpenID Connect, code flow with RS256): it signs in the person named in its
page, without a password. For tests only."""

from __future__ import annotations

import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "kb-app", "a-secret-between-app-and-provider"


class Provider:
    """The provider, which answers until `stop`. `who` is the address that signs in next; `age` is how many seconds ago
    it says that a person signed in, `issued` when it last said so."""

    def __init__(self) -> None:
        self.key, self.who, self.codes, self.verified = RSAKey.generate_key(2048), "", {}, True
        self.age = self.issued = 0.0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.get(self)

            def do_POST(self) -> None:
                outer.post(self)

            def log_message(self, *_: object) -> None:
                """Print nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """End the provider."""
        self.server.shutdown()
        self.server.server_close()

    def get(self, asked: BaseHTTPRequestHandler) -> None:
        """Answer with its metadata, its key, or the page that signs a person in, which sends the browser back at
        once."""
        path, query = urlsplit(asked.path).path, parse_qs(urlsplit(asked.path).query)
        if path == "/.well-known/openid-configuration":
            return _json(asked, self.metadata())
        if path == "/keys":
            return _json(asked, {"keys": [self.key.as_dict(private=False, kid="one", use="sig", alg="RS256")]})
        if path == "/authorize":
            code = secrets.token_hex(8)
            self.codes[code] = (self.who, query["nonce"][0])
            return _go(asked, query["redirect_uri"][0] + "?" + urlencode({"code": code, "state": query["state"][0]}))
        if path == "/out":
            return _go(asked, query["post_logout_redirect_uri"][0].removesuffix("oauth2callback"))
        return _json(asked, {}, 404)

    def post(self, asked: BaseHTTPRequestHandler) -> None:
        """Answer with the token for a code; each code is valid once."""
        body = parse_qs(asked.rfile.read(int(asked.headers["Content-Length"])).decode())
        address, nonce = self.codes.pop(body["code"][0])
        self.issued = time.time()
        now = int(self.issued - self.age)
        claims = {
            "iss": self.address,
            "aud": CLIENT,
            "sub": address,
            "email": address,
            "email_verified": self.verified,
            "nonce": nonce,
            "iat": now,
            "exp": int(time.time()) + 3600,
        }
        token = jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.key)
        _json(asked, {"access_token": "unused", "token_type": "Bearer", "expires_in": 3600, "id_token": token})

    def metadata(self) -> dict:
        """Return its addresses, as OpenID Connect discovery lists them."""
        here = self.address
        return {
            "issuer": here,
            "authorization_endpoint": f"{here}/authorize",
            "token_endpoint": f"{here}/token",
            "jwks_uri": f"{here}/keys",
            "end_session_endpoint": f"{here}/out",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }


def secrets_of(provider: Provider, app: str) -> str:
    """Return the content of Streamlit's secrets.toml for this provider; `app` is the app's address, ending in '/'."""
    return (
        f'[auth]\nredirect_uri = "{app}oauth2callback"\ncookie_secret = "{secrets.token_hex(32)}"\n'
        f'client_id = "{CLIENT}"\nclient_secret = "{SECRET}"\n'
        f'server_metadata_url = "{provider.address}/.well-known/openid-configuration"\n'
    )


def _json(asked: BaseHTTPRequestHandler, content: dict, status: int = 200) -> None:
    body = json.dumps(content).encode()
    asked.send_response(status)
    asked.send_header("Content-Type", "application/json")
    asked.send_header("Content-Length", str(len(body)))
    asked.end_headers()
    asked.wfile.write(body)


def _go(asked: BaseHTTPRequestHandler, to: str) -> None:
    asked.send_response(302)
    asked.send_header("Location", to)
    asked.send_header("Content-Length", "0")
    asked.end_headers()
