"""Two ways to ask the same: a program run as plain CGI, and a server."""

import http.client
import os
import subprocess
import urllib.parse

LIMIT_S = 30


class Response:
    def __init__(self, status, headers, body, log=""):
        self.status = status
        self.headers = {name.lower(): value for name, value in headers}
        self.body = body
        self.log = log      # what the program wrote to standard error

    def __str__(self):
        return (f"{self.status} {self.headers}\n{self.body[:600]!r}\n"
                f"{self.log[:600]}")


class Cgi:
    """Runs the program that the path names, once for each request."""

    name = "cgi"

    def __init__(self, build, state):
        self.programs = os.path.join(os.path.abspath(build), "cgi-bin")
        self.state = state

    def ask(self, method, path, query="", headers=(), body=b"", env=()):
        headers = dict(headers)
        variables = {**os.environ, "STOREMON_STATE": self.state, **dict(env),
                     "REQUEST_METHOD": method, "QUERY_STRING": query,
                     "SCRIPT_NAME": path}
        if body:
            variables["CONTENT_LENGTH"] = str(len(body))
        for name, value in headers.items():
            name = name.upper().replace("-", "_")
            prefix = "" if name == "CONTENT_TYPE" else "HTTP_"
            variables[prefix + name] = value
        done = subprocess.run(
            [os.path.join(self.programs, path.strip("/"))], input=body,
            env=variables, capture_output=True, timeout=LIMIT_S, check=False)
        log = done.stderr.decode(errors="replace")
        if done.returncode != 0:
            raise AssertionError(f"exit {done.returncode}: {log}")
        head, _, rest = done.stdout.partition(b"\r\n\r\n")
        lines = [line.split(": ", 1) for line in head.decode().split("\r\n")]
        status = int(dict(lines)["Status"].split()[0])
        return Response(status, lines, rest, log)


class Nginx:
    """Asks a server, over a new connection each time."""

    name = "nginx"

    def __init__(self, url):
        self.address = urllib.parse.urlsplit(url).netloc

    def ask(self, method, path, query="", headers=(), body=b""):
        connection = http.client.HTTPConnection(self.address, timeout=LIMIT_S)
        try:
            connection.request(method, path + (query and "?" + query),
                               body=body or None, headers=dict(headers))
            answer = connection.getresponse()
            return Response(answer.status, answer.getheaders(),
                            answer.read())
        finally:
            connection.close()
