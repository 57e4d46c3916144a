"""What hostile requests are made of."""

from __future__ import annotations

EVENT = ("turn", "question", "q", "form", "at")
UP = r"../ ..%2f %2e%2e/ %2e%2e%2f ..%5c ..\ ....// %252e%252e%252f / // %00/ %c0%ae%c0%ae/".split()
TARGETS = "etc/passwd proc/self/environ proc/self/cmdline secret.txt index/CURRENT windows/win.ini .env".split()
ROUTES = """/ /assets/ /static/ /svelte/ /theme.css/ /login/ /config/ /pwa_icon/ /monitoring/ /file=
/gradio_api/file= /gradio_api/file/ /gradio_api/proxy= /gradio_api/custom_component/ /gradio_api/stream/
/gradio_api/call/ /gradio_api/call/v2/ /gradio_api/run/ /gradio_api/api/ /gradio_api/upload/ /gradio_api/heartbeat/
/gradio_api/component_server/ /gradio_api/mcp/ /gradio_api/upload_progress?upload_id= /gradio_api/run-history/
/gradio_api/deep_link?session_hash= /gradio_api/dev/reload? /gradio_api/queue/data?session_hash=
/gradio_api/vibe-edit/""".split()
POSTED = """queue/join call/ask call/search call/documents call/nobody call/v2/ask run/ask run/predict api/predict
reset component_server cancel upload stream/abc run-history/connect""".split()
AWAY = "http://127.0.0.1:1/ http://[::1]/ file:///etc/passwd https://example.com/ http://0/".split()
METHODS = "GET HEAD POST PUT PATCH DELETE OPTIONS TRACE PROPFIND BREW CONNECT".split()
TYPES = [
    "application/json",
    "text/plain",
    "",
    "multipart/form-data",
    "application/x-www-form-urlencoded",
    "a/b;c=d" * 50,
]
ODD: list[object] = [
    *(None, True, -1, 0, 10**30, 1.5, -0.0, "", " ", "\0", "\ud800", "x" * 3_000, "%s%n", "{{7*7}}", "${7*7}"),
    *("../../etc/passwd", "<script>alert(1)</script>", "'; --", "\u202e", [], {}, [[]], {"path": "/etc/passwd"}),
    {"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}, "url": "http://127.0.0.1:1/"},
    {"__type__": "update", "value": 1},
]
RAW = [
    "GET / HTTP/1.1\r\nHost: {host}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x\r\n\r\n",
    "POST /gradio_api/reset HTTP/1.1\r\nHost: {host}\r\nContent-Length: 3\r\nContent-Length: 30\r\n\r\n{{}}",
    "POST /gradio_api/reset HTTP/1.1\r\nHost: {host}\r\nContent-Length: -1\r\n\r\n",
    "POST /gradio_api/reset HTTP/1.1\r\nHost: {host}\r\nContent-Length: 99999999999999999999999\r\n\r\n{{}}",
    "POST /gradio_api/reset HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: xchunked\r\n\r\n{{}}",
    "POST /gradio_api/reset HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\nabc",
    "POST /gradio_api/reset HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0",
    "GET / HTTP/1.1\r\nHost: {host}\r\nX: a\r\n b\r\n\r\n",
    "GET / HTTP/1.1\nHost: {host}\n\n",
    "GET / HTTP/1.1\r\nHost : {host}\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: {host}\r\nHost: evil.example\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: {host}\r\nX-Forwarded-Host: evil.example\r\nX-Forwarded-For: 1.2.3.4, <b>\r\n\r\n",
    "GET http://evil.example/ HTTP/1.1\r\nHost: {host}\r\n\r\n",
    "GET /\0 HTTP/1.1\r\nHost: {host}\r\n\r\n",
    "GET / HTTP/9.9\r\nHost: {host}\r\n\r\n",
    "GET /\r\n\r\n",
    "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: {host}\r\n" + "X: " + "y" * 70_000 + "\r\n\r\n",
    "GET /" + "z" * 70_000 + " HTTP/1.1\r\nHost: {host}\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: {host}\r\n" + "X: y\r\n" * 3_000 + "\r\n",
    "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: A\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: {host}\r\nCookie: " + "a=b; " * 2_000 + "\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: {host}\r\nAccept-Language: " + "xx;q=9," * 500 + "\r\n\r\n",
    "GET /metrics HTTP/1.1\r\nHost: {host}\r\nAuthorization: Basic ====\r\n\r\n",
    "OPTIONS * HTTP/1.1\r\nHost: {host}\r\nOrigin: http://evil.example\r\n\r\n",
]
