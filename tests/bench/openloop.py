"""An open loop: requests at times fixed beforehand, whether or not earlier
ones have been answered, so that a stall is charged to all that it delays
(what is called coordinated omission is what a closed loop does instead).
Latency counts from the time at which a request was due."""
import http.client
import threading
import time

LIMIT_S = 10


class Load:
    """rate requests a second by `clients` threads, each with a connection
    of its own at a time.  next_request() gives (method, path)."""

    def __init__(self, port, rate, clients, next_request, wanted):
        self.port, self.clients = port, clients
        self.interval_s = 1 / rate
        self.next_request, self.wanted = next_request, wanted
        self.lock = threading.Lock()
        self.latencies_ms, self.errors = [], []
        self.ended = threading.Event()
        self.number = 0

    def due(self):
        """When the next request is to be sent."""
        with self.lock:
            self.number += 1
            return self.start + self.number * self.interval_s

    def ask(self):
        method, path = self.next_request()
        connection = http.client.HTTPConnection("127.0.0.1", self.port,
                                                timeout=LIMIT_S)
        try:
            connection.request(method, path)
            reply = connection.getresponse()
            reply.read()
            return reply.status
        finally:
            connection.close()

    def client(self):
        while not self.ended.is_set():
            due = self.due()
            time.sleep(max(0.0, due - time.monotonic()))
            try:
                status = self.ask()
            except OSError as error:
                status = error
            ended = time.monotonic()
            with self.lock:
                self.latencies_ms.append(1e3 * (ended - due))
                if status not in self.wanted:
                    self.errors.append(status)

    def __enter__(self):
        self.start = time.monotonic()
        self.threads = [threading.Thread(target=self.client, daemon=True)
                        for _ in range(self.clients)]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        for thread in self.threads:
            thread.join()

    def p99_ms(self):
        ordered = sorted(self.latencies_ms)
        return ordered[int(len(ordered) * 0.99)]
