"""A FastCGI client for tests: one request over one connection."""

import socket
import struct

BEGIN, END, PARAMS, STDIN, STDOUT, STDERR = 1, 3, 4, 5, 6, 7
RESPONDER = 1
# The last record of a reply: request 1 ended with exit status 0.
END_OF_REPLY = struct.pack(">BBHHBx8x", 1, END, 1, 8, 0)


def record(kind, data):
    return struct.pack(">BBHHBx", 1, kind, 1, len(data), 0) + data


def stream(kind, data):
    """The data as records of at most 65535 bytes, and the empty last one."""
    parts = [data[i:i + 65535] for i in range(0, len(data), 65535)]
    return b"".join(record(kind, p) for p in parts + [b""])


def length(n):
    return bytes([n]) if n < 128 else struct.pack(">I", n | 1 << 31)


def encode_params(env):
    out = b""
    for name, value in env.items():
        name, value = name.encode(), value.encode("utf-8", "surrogateescape")
        out += length(len(name)) + length(len(value)) + name + value
    return out


def encode(env, body=b""):
    """The bytes of a whole request."""
    return (record(BEGIN, struct.pack(">HB5x", RESPONDER, 0)) +
            stream(PARAMS, encode_params(env)) + stream(STDIN, body))


def read_exactly(sock, n):
    data = b""
    while len(data) < n:
        more = sock.recv(n - len(data))
        if not more:
            raise ConnectionError("the connection ended early")
        data += more
    return data


def read_reply(sock):
    """What the program wrote to its standard output."""
    out = b""
    while True:
        head = read_exactly(sock, 8)
        _, kind, _, size, padding = struct.unpack(">BBHHBx", head)
        data = read_exactly(sock, size + padding)[:size]
        if kind == STDOUT:
            out += data
        elif kind == END:
            return out


def connect(path, timeout=10):
    sock = socket.socket(socket.AF_UNIX)
    sock.settimeout(timeout)
    sock.connect(path)
    return sock


def ask(path, env, body=b""):
    with connect(path) as sock:
        sock.sendall(encode(env, body))
        return read_reply(sock)
