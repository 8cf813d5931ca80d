"""What docs/openapi.yaml says of operating, for test_openapi.py."""
import http.client
import os

import client

OLD = "2020-01-01 12:00:00 UTC"
FORM_BODY = {"Content-Type": "application/x-www-form-urlencoded"}


def test_operation(asker):
    for route in ("/healthz", "/metrics"):
        asker.ask("GET", route, 200)
        asker.ask("GET", route, 400, "x=1")
        asker.ask("POST", route, 405)
    connection = http.client.HTTPConnection(
        "127.0.0.1", asker.server.port, timeout=30,
        source_address=("127.0.0.2", 0))
    connection.request("GET", "/metrics")
    reply = connection.getresponse()
    asker.check("GET", "/metrics", 404, client.Response(
        reply.status, reply.getheaders(), reply.read()))
    connection.close()


def test_pruned(asker):
    """Of a time whose polls were removed."""
    server = asker.server
    path = os.path.join(server.folder, "old.csv")
    with open(path, "w", encoding="utf-8") as file:
        file.write("store_id,status,timestamp_utc\n"
                   f"old,active,{OLD}\nold,active,2020-02-02 12:00:00 UTC\n")
    server.storemon("import", "polls", path)
    server.storemon("prune", "--keep", "9")
    for route, query in (("/trigger_report", "as_of=" + OLD),
                         ("/stores", "id=old&as_of=" + OLD)):
        query = query.replace(" ", "%20")
        asker.ask("GET", route, 410, query)
        asker.ask("POST", route, 410, headers=FORM_BODY, body=query)
