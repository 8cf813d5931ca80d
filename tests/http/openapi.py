"""docs/openapi.yaml as a yardstick: is an answer one that it describes?"""
import json
import os

import jsonschema
import yaml

HERE = os.path.dirname(os.path.abspath(__file__))
PATH = os.path.join(HERE, "..", "..", "docs", "openapi.yaml")


class Spec:
    """The description, and which of its answers have been seen."""

    def __init__(self):
        with open(PATH, encoding="utf-8") as file:
            self.api = yaml.safe_load(file)
        self.seen = set()

    def find(self, thing):
        """What a reference refers to, or the thing itself."""
        if "$ref" not in thing:
            return thing
        found = self.api
        for step in thing["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        return found

    def answers(self):
        """All of (method, path, status), but for what a server says of any
        request."""
        return {(method.upper(), path, status)
                for path, operations in self.api["paths"].items()
                for method, operation in operations.items()
                for status in operation["responses"] if status != "default"}

    def security(self):
        """The operations that ask for a password."""
        return {(method.upper(), path)
                for path, operations in self.api["paths"].items()
                for method, operation in operations.items()
                if "security" in operation}

    def judge(self, method, path, reply):
        """What is wrong with an answer, or None; counts it as seen."""
        operation = self.api["paths"].get(path, {}).get(method.lower())
        if operation is None:
            # A method that the path does not have is 405 of one that it has.
            operation = next(iter(self.api["paths"][path].values()))
            method = next(iter(self.api["paths"][path])).upper()
        status = str(reply.status)
        if status not in operation["responses"]:
            return f"{status} is not described"
        self.seen.add((method, path, status))
        response = self.find(operation["responses"][status])
        for name in response.get("headers", {}):
            if name.lower() not in reply.headers:
                return f"the header {name} is missing"
        return self.judge_body(response.get("content", {}), reply)

    def judge_body(self, content, reply):
        kind = reply.headers.get("content-type", "").partition(";")[0]
        if not content:
            return None
        if kind not in content:
            return f"{kind} is not described"
        if kind != "application/json" or reply.status == 206:
            return None
        schema = {**content[kind]["schema"],
                  "components": self.api["components"]}
        validator = jsonschema.Draft202012Validator(schema)
        error = jsonschema.exceptions.best_match(
            validator.iter_errors(json.loads(reply.body)))
        return None if error is None else \
            f"{error.json_path}: {error.message:.300}"

    def well_formed(self):
        """Every schema is one."""
        for schema in self.api["components"]["schemas"].values():
            jsonschema.Draft202012Validator.check_schema(schema)
        return True
