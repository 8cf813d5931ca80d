#!/usr/bin/python3
"""Make the readable page of the HTTP interface:

    api_page.py docs/openapi.yaml > www/api.html

Takes what openapi.yaml uses of OpenAPI 3.1 and nothing else; what it does not
know ends it.  Debian's python3 and python3-yaml.
"""
import html
import json
import re
import sys

import yaml

METHODS = ("get", "put", "post")
HEAD = """<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>HTTP interface - Store monitor</title>
  <link rel="icon" href="/favicon.svg" type="image/svg+xml">
  <link rel="stylesheet" href="/style.css">
  <link rel="stylesheet" href="/css/parts.css">
  <link rel="stylesheet" href="/css/api.css">
</head>
<body class="api">
<a class="skip" href="#routes">Skip to the routes</a>
<header class="top">
<a class="brand" href="/">
<img src="/favicon.svg" alt="" width="28" height="28">
<span>Store monitor</span>
</a>
<nav aria-label="Pages">
<a href="/">Reports</a>
<a href="/admin/">Administration</a>
<a href="/api.html" aria-current="page">API</a>
</nav>
</header>
<main>
<h1>HTTP interface</h1>
"""
TAIL = "</main>\n</body>\n</html>\n"


def inline(text):
    """One line of text; `code` as such."""
    text = html.escape(" ".join(str(text).split()), quote=False)
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", text)


def prose(text):
    """Paragraphs, parted by blank lines."""
    return "".join(f"<p>{inline(part)}</p>\n"
                   for part in str(text).strip().split("\n\n"))


class Page:
    """Collects the lines of the page."""

    def __init__(self, api):
        self.api = api
        self.parts = []

    def put(self, *texts):
        self.parts += texts

    def find(self, thing):
        """What a reference refers to, or the thing itself."""
        if "$ref" not in thing:
            return thing
        found = self.api
        for step in thing["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        return found

    # --- types ---------------------------------------------------------------

    def kind(self, schema):
        """A schema in a few words."""
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            return f'<a href="#{name}">{name}</a>'
        if "oneOf" in schema:
            return " or ".join(self.kind(one) for one in schema["oneOf"])
        if "allOf" in schema:
            return " and ".join(self.kind(one) for one in schema["allOf"])
        if "const" in schema:
            return f"<code>{html.escape(json.dumps(schema['const']))}</code>"
        if "enum" in schema:
            return " | ".join(f"<code>{html.escape(word)}</code>"
                              for word in schema["enum"])
        if schema.get("type") == "array":
            return "array of " + self.kind(schema.get("items", {}))
        if isinstance(schema.get("type"), list):
            return " or ".join(schema["type"])
        return schema.get("type", "any value")

    def rows(self, properties, required, depth=0):
        """Rows of a table of properties, nested ones indented."""
        for name, schema in properties.items():
            inner = schema
            if schema.get("type") == "array":
                inner = schema.get("items", {})
            words = [schema.get("description", "")]
            if "default" in schema:
                words.append(f"Default: `{schema['default']}`.")
            optional = "" if name in required else \
                ' <span class="optional">optional</span>'
            self.put(f'<tr><td class="depth-{depth}"><code>'
                     f"{html.escape(name)}</code>{optional}</td>",
                     f"<td>{self.kind(schema)}</td>",
                     f"<td>{inline(' '.join(words))}</td></tr>\n")
            self.rows(inner.get("properties", {}),
                      inner.get("required", ()), depth + 1)

    def table(self, caption, heads, fill):
        self.put('<div class="wide" tabindex="0" role="group" aria-label="'
                 f'{caption}"><table>',
                 f"<caption>{caption}</caption>\n<thead><tr>",
                 *(f'<th scope="col">{head}</th>' for head in heads),
                 "</tr></thead>\n<tbody>\n")
        fill()
        self.put("</tbody></table></div>\n")

    # --- operations ----------------------------------------------------------

    def parameters(self, parameters):
        for parameter in map(self.find, parameters):
            schema = self.find(parameter["schema"])
            words = [parameter.get("description", "")]
            if "default" in schema:
                words.append(f"Default: `{schema['default']}`.")
            if "example" in parameter:
                words.append(f"Example: `{parameter['example']}`.")
            must = "" if parameter.get("required") else \
                ' <span class="optional">optional</span>'
            self.put(f"<tr><td><code>{parameter['name']}</code>{must}</td>",
                     f"<td>{parameter['in']}</td>",
                     f"<td>{self.kind(parameter['schema'])}</td>",
                     f"<td>{inline(' '.join(words))}</td></tr>\n")

    def content(self, content):
        return "<br>".join(
            f"{html.escape(media)}: {self.kind(body['schema'])}"
            for media, body in content.items())

    def responses(self, responses):
        for status, response in responses.items():
            response = self.find(response)
            headers = "".join(
                f"<br>Header <code>{name}</code>: "
                f"{inline(header['description'])}"
                for name, header in response.get("headers", {}).items())
            self.put(f"<tr><td><code>{status}</code></td>",
                     f"<td>{inline(response['description'])}{headers}</td>",
                     f"<td>{self.content(response.get('content', {}))}"
                     "</td></tr>\n")

    def operation(self, method, path, operation):
        name = operation["operationId"]
        self.put(f'<section class="operation" id="{name}">\n',
                 f'<h3><span class="method">{method.upper()}</span> '
                 f"<code>{html.escape(path)}</code></h3>\n",
                 f"<p><strong>{inline(operation['summary'])}.</strong></p>\n"
                 .replace("?.</strong>", "?</strong>"),
                 prose(operation.get("description", "")))
        if operation.get("parameters"):
            self.table("Parameters", ("Name", "In", "Type", "Meaning"),
                       lambda: self.parameters(operation["parameters"]))
        if "requestBody" in operation:
            body = self.find(operation["requestBody"])
            self.put(f"<p>Body: {self.content(body['content'])}</p>\n")
        self.table("Answers", ("Status", "Meaning", "Content"),
                   lambda: self.responses(operation["responses"]))
        self.put("</section>\n")

    def tag(self, tag):
        self.put(f"<h2>{tag['name']}</h2>\n", prose(tag["description"]))
        for path, operations in self.api["paths"].items():
            for method in METHODS:
                operation = operations.get(method, {})
                if tag["name"] in operation.get("tags", ()):
                    self.operation(method, path, operation)

    def contents(self):
        self.put('<nav class="contents" aria-label="Routes"><ul>\n')
        for path, operations in self.api["paths"].items():
            links = ", ".join(
                f'<a href="#{operations[method]["operationId"]}">'
                f"{method.upper()}</a>"
                for method in METHODS if method in operations)
            self.put(f"<li><code>{html.escape(path)}</code> {links}</li>\n")
        self.put("</ul></nav>\n")

    def schema(self, name, schema):
        self.put(f'<section class="schema" id="{name}">\n<h3>{name}</h3>\n')
        if "description" in schema:
            self.put(prose(schema["description"]))
        parts = [schema, *schema.get("allOf", ())]
        properties = {key: value for part in parts
                      for key, value in part.get("properties", {}).items()}
        required = [key for part in parts for key in part.get("required", ())]
        if properties:
            self.table("Properties", ("Name", "Type", "Meaning"),
                       lambda: self.rows(properties, required))
        else:
            pattern = schema.get("pattern")
            self.put(f"<p>{self.kind(schema)}" +
                     (f", <code>{html.escape(pattern)}</code>" if pattern
                      else "") + "</p>\n")
        self.put("</section>\n")

    def text(self):
        self.put(HEAD, prose(self.api["info"]["description"]),
                 '<p><a href="/openapi.yaml">The same for programs, as '
                 "OpenAPI</a></p>\n", '<div id="routes" tabindex="-1">\n')
        self.contents()
        for tag in self.api["tags"]:
            self.tag(tag)
        self.put("</div>\n<h2>Types</h2>\n")
        for name, schema in self.api["components"]["schemas"].items():
            self.schema(name, schema)
        self.put(TAIL)
        return "".join(self.parts)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="utf-8") as file:
        sys.stdout.write(Page(yaml.safe_load(file)).text())


if __name__ == "__main__":
    main()
