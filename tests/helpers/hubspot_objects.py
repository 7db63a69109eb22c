"""Records, properties and rules of the HubSpot emulator: what is stored and what is refused."""

import json
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

CONTACTS, SESSIONS, BOOKINGS = "0-1", "2-50158913", "2-50158943"
NOTES, NOTE_TO_CONTACT = "0-46", 202

Json = dict[str, Any]
Reply = tuple[int, Json]

MOST_IN_BATCH = 100
MOST_IN_PAGE = 200
REACH = 10_000
MOST_GROUPS, MOST_IN_GROUP, MOST_FILTERS = 5, 6, 18
MOST_READ_ASSOCIATIONS, MOST_MADE_ASSOCIATIONS = 1000, 2000


def _text(**more: Any) -> Json:
    return {"type": "string", "fieldType": "text", **more}


def _number() -> Json:
    return {"type": "number", "fieldType": "number"}


def _choice(*options: str) -> Json:
    return {"type": "enumeration", "fieldType": "select", "options": options}


def _definitions() -> dict[str, dict[str, Json]]:
    balances = ("sj_credits", "cs_credits", "sjmini_credits", "shared_mock_credits")
    contact = {name: _text() for name in ("email", "firstname", "lastname", "student_id")}
    contact |= {name: _number() for name in (*balances, "mock_discussion_token")}
    types = ("Situational Judgment", "Clinical Skills", "Mini-mock", "Mock Discussion")
    return {
        CONTACTS: contact | {"enrollment_id": _text()},
        SESSIONS: {
            "mock_type": _choice(*types),
            "exam_date": {"type": "date", "fieldType": "date"},
            "start_time": {"type": "datetime", "fieldType": "date"},
            "end_time": {"type": "datetime", "fieldType": "date"},
            "capacity": _number(),
            "total_bookings": _number(),
            "location": _text(),
            "is_active": _choice("true", "false"),
        },
        BOOKINGS: {
            name: _text()
            for name in (
                *("booking_id", "name", "email", "token_used", "is_active", "idempotency_key"),
                *("discussion_format", "topic_preference"),
            )
        },
        NOTES: {"hs_timestamp": {"type": "datetime", "fieldType": "date"}, "hs_note_body": _text()},
    }


class Rejected(Exception):
    """A whole call is refused."""

    def __init__(self, status: int, body: Json) -> None:
        super().__init__(status)
        self.status = status
        self.body = body


def error_body(message: str, category: str, **more: Any) -> Json:
    return {
        "status": "error",
        "message": message,
        "correlationId": str(uuid.uuid4()),
        "category": category,
        **more,
    }


def invalid(message: str) -> Rejected:
    return Rejected(400, error_body(message, "VALIDATION_ERROR"))


@dataclass
class Store:
    """All records of one account."""

    definitions: dict[str, dict[str, Json]] = field(default_factory=_definitions)
    records: dict[str, dict[str, Json]] = field(
        default_factory=lambda: {CONTACTS: {}, SESSIONS: {}, BOOKINGS: {}, NOTES: {}}
    )
    links: set[tuple[str, str, str, str]] = field(default_factory=set)
    archived: set[str] = field(default_factory=set)
    page: int = MOST_IN_PAGE
    """Largest page of a search and of associations; smaller in tests of paging."""
    numbers: Any = field(default_factory=lambda: count(880_412_337))

    def kind(self, name: str) -> str:
        kind = {"contacts": CONTACTS, "contact": CONTACTS, "notes": NOTES}.get(name, name)
        if kind not in self.records:
            raise invalid(f"Unable to infer object type from: {name}")
        return kind

    def put(self, kind: str, **properties: str) -> str:
        """Store a record as a person at the CRM would; returns its number."""
        number = str(next(self.numbers))
        self.records[kind][number] = dict(properties)
        return number

    # Properties

    def read_property(self, name: str, wanted: str) -> Reply:
        found = self.definitions[self.kind(name)].get(wanted)
        if found is None:
            return 404, error_body(f"Property {wanted} does not exist", "OBJECT_NOT_FOUND")
        return 200, {"name": wanted, **found}

    def add_property(self, name: str, body: Json) -> Reply:
        kind = self.kind(name)
        for member in ("name", "label", "type", "fieldType", "groupName"):
            if not body.get(member):
                raise invalid(f"Required property '{member}' is missing")
        if body["name"] in self.definitions[kind]:
            return 409, error_body("A property with this name exists", "CONFLICT")
        self.definitions[kind][body["name"]] = {
            "type": body["type"],
            "fieldType": body["fieldType"],
        }
        return 201, body

    # Search

    def search(self, name: str, body: Json) -> Reply:
        kind = self.kind(name)
        groups = [group["filters"] for group in body.get("filterGroups", [])]
        self._check_filters(kind, groups)
        limit, after = body.get("limit", 10), int(body.get("after") or 0)
        if limit > MOST_IN_PAGE:
            raise invalid(f"limit must not exceed {MOST_IN_PAGE}")
        if after + limit > REACH:
            raise invalid(f"The search may not go beyond {REACH} results")
        hits = [
            number
            for number, record in sorted(self.records[kind].items())
            if number not in self.archived
            and (not groups or any(all(_fits(record, one) for one in group) for group in groups))
        ]
        size = min(limit, self.page)
        page = hits[after : after + size]
        wanted = body.get("properties", [])
        answer: Json = {
            "total": len(hits),
            "results": [self._shown(kind, number, wanted) for number in page],
        }
        if after + size < len(hits):
            answer["paging"] = {"next": {"after": str(after + size)}}
        return 200, answer

    def _check_filters(self, kind: str, groups: list[list[Json]]) -> None:
        if len(groups) > MOST_GROUPS or sum(map(len, groups)) > MOST_FILTERS:
            raise invalid("too many filters")
        for one in (one for group in groups for one in group):
            if one["propertyName"] not in self.definitions[kind]:
                raise invalid(f"There was a problem with the request. {_missing_text(one)}")
            if len(one.get("values", [])) > MOST_IN_BATCH:
                raise invalid("too many values")
        if any(len(group) > MOST_IN_GROUP for group in groups):
            raise invalid("too many filters in a group")

    def _shown(self, kind: str, number: str, wanted: list[str], trace: str | None = None) -> Json:
        record, known = self.records[kind][number], self.definitions[kind]
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        shown = {
            "id": number,
            # Defined but empty is null; what is not defined is left out.
            "properties": {name: record.get(name) for name in wanted if name in known}
            | {"hs_object_id": number},
            "createdAt": now,
            "updatedAt": now,
            "archived": False,
        }
        return shown | {"objectWriteTraceId": trace} if trace else shown

    # Batches

    def batch(self, name: str, verb: str, body: Json) -> Reply:
        kind, inputs = self.kind(name), body.get("inputs", [])
        if not 1 <= len(inputs) <= MOST_IN_BATCH:
            raise invalid(f"inputs: size must be between 1 and {MOST_IN_BATCH}")
        if verb == "read":
            return self._batch_read(kind, inputs, body.get("properties", []))
        if verb == "create":
            return self._batch_create(kind, inputs)
        if verb == "update":
            return self._batch_update(kind, inputs)
        return 404, error_body("Resource not found", "OBJECT_NOT_FOUND")

    def _batch_read(self, kind: str, inputs: list[Json], wanted: list[str]) -> Reply:
        ids = [one["id"] for one in inputs]
        results = [self._shown(kind, one, wanted) for one in ids if self._alive(kind, one)]
        return _multi(results, self._gone(kind, ids), 200)

    def _batch_create(self, kind: str, inputs: list[Json]) -> Reply:
        traces = [one.get("objectWriteTraceId") for one in inputs]
        partial = all(traces) and len(set(traces)) == len(traces)
        results, errors = [], []
        if not partial:
            for one in inputs:
                if fault := self._refusal(kind, one):
                    raise fault
        for one, trace in zip(inputs, traces, strict=True):
            fault = self._refusal(kind, one)
            if fault:
                errors.append(fault.body | {"context": {"objectWriteTraceId": [trace]}})
                continue
            number = self.put(kind, **_clean(one["properties"]))
            for link in one.get("associations", []):
                far = link["to"]["id"]
                self.links |= {(kind, number, CONTACTS, far), (CONTACTS, far, kind, number)}
            results.append(self._shown(kind, number, list(one["properties"]), trace))
        return _multi(results, errors, 201)

    def _batch_update(self, kind: str, inputs: list[Json]) -> Reply:
        ids = [one["id"] for one in inputs]
        if len(set(ids)) != len(ids):
            raise invalid("Duplicate IDs found in batch input. IDs must be unique")
        for one in inputs:
            if fault := self._fault(kind, one["properties"], new=False):
                raise fault
        results = []
        for one in inputs:
            if self._alive(kind, one["id"]):
                self.records[kind][one["id"]] |= _clean(one["properties"])
                trace = one.get("objectWriteTraceId")
                results.append(self._shown(kind, one["id"], list(one["properties"]), trace))
        return _multi(results, self._gone(kind, ids), 200)

    def _alive(self, kind: str, number: str) -> bool:
        return number in self.records[kind] and number not in self.archived

    def _gone(self, kind: str, ids: list[str]) -> list[Json]:
        gone = [one for one in ids if not self._alive(kind, one)]
        text = "Could not get some objects, they may be deleted or not exist."
        error = {"status": "error", "category": "OBJECT_NOT_FOUND", "message": text}
        return [error | {"context": {"ids": gone}}] if gone else []

    def _refusal(self, kind: str, one: Json) -> Rejected | None:
        """Return why a record cannot be made, with what it is to be associated with."""
        if kind == NOTES and not one["properties"].get("hs_timestamp"):
            return invalid("Error creating NOTE. Some required properties were not set.")
        for link in one.get("associations", []):
            (spec,) = link["types"]
            known = ("HUBSPOT_DEFINED", NOTE_TO_CONTACT)
            if (spec["associationCategory"], spec["associationTypeId"]) != known or kind != NOTES:
                return invalid(f"{spec} is no association of {kind}")
            if not self._alive(CONTACTS, link["to"]["id"]):
                return invalid(f"CONTACT {link['to']['id']} does not exist")
        return self._fault(kind, one["properties"], new=True)

    def _fault(self, kind: str, properties: Json, *, new: bool) -> Rejected | None:
        for name, value in properties.items():
            definition = self.definitions[kind].get(name)
            if definition is None:
                return _bad_value(
                    name, "PROPERTY_DOESNT_EXIST", _missing_text({"propertyName": name})
                )
            if not isinstance(value, str):
                return _bad_value(name, "INVALID_TYPE", f"{value} is not text")
            if value and not _valid(definition, value):
                return _bad_value(name, "INVALID_OPTION", f"{value} is not valid for {name}")
        email = str(properties.get("email", "")).lower()
        if new and kind == CONTACTS and email:
            for number, record in self.records[CONTACTS].items():
                if str(record.get("email", "")).lower() == email:
                    text = f"Contact already exists. Existing ID: {number}"
                    return Rejected(409, error_body(text, "CONFLICT"))
        return None

    # Associations

    def associate(self, near: str, far: str, body: Json) -> Reply:
        one_kind, other_kind = self.kind(near), self.kind(far)
        if len(body["inputs"]) > MOST_MADE_ASSOCIATIONS:
            raise invalid("too many inputs")
        results, errors = [], []
        for pair in body["inputs"]:
            one, other = pair["from"]["id"], pair["to"]["id"]
            if not (self._alive(one_kind, one) and self._alive(other_kind, other)):
                gone = [one, other]
                errors.append({"status": "error", "category": "OBJECT_NOT_FOUND",
                               "message": "No object found", "context": {"ids": gone}})  # fmt: skip
                continue
            self.links |= {(one_kind, one, other_kind, other), (other_kind, other, one_kind, one)}
            spec = {"associationCategory": "USER_DEFINED", "associationTypeId": 27}
            results += [
                {"from": {"id": one}, "to": {"id": other}, "associationSpec": spec},
                {"from": {"id": other}, "to": {"id": one}, "associationSpec": spec},
            ]
        return _multi(results, errors, 200)

    def associations(self, near: str, far: str, body: Json) -> Reply:
        one_kind, other_kind = self.kind(near), self.kind(far)
        if len(body["inputs"]) > MOST_READ_ASSOCIATIONS:
            raise invalid("too many inputs")
        results = []
        for asked in body["inputs"]:
            fars = sorted(
                to for kind, one, to_kind, to in self.links
                if (kind, one, to_kind) == (one_kind, asked["id"], other_kind)
            )  # fmt: skip
            start = int(asked.get("after") or 0)
            page = fars[start : start + self.page]
            if not page:
                continue
            result: Json = {
                "from": {"id": asked["id"]},
                "to": [{"toObjectId": int(one), "associationTypes": []} for one in page],
            }
            if start + self.page < len(fars):
                result["paging"] = {"next": {"after": str(start + self.page)}}
            results.append(result)
        return 200, {"status": "COMPLETE", "results": results}


def _missing_text(one: Json) -> str:
    return f'Property "{one["propertyName"]}" does not exist'


def _bad_value(name: str, code: str, message: str) -> Rejected:
    inner = [{"isValid": False, "message": message, "error": code, "name": name}]
    text = f"Property values were not valid: {json.dumps(inner)}"
    errors = [{"message": message, "code": code, "context": {"propertyName": [name]}}]
    return Rejected(400, error_body(text, "VALIDATION_ERROR", errors=errors))


def _multi(results: list[Json], errors: list[Json], good: int) -> Reply:
    answer: Json = {"status": "COMPLETE", "results": results}
    if errors:
        return 207, answer | {"numErrors": len(errors), "errors": errors}
    return good, answer


def _clean(properties: Json) -> Json:
    """Keep addresses in small letters, as the vendor does."""
    if "email" in properties:
        return properties | {"email": properties["email"].lower()}
    return properties


def _valid(definition: Json, value: str) -> bool:
    try:
        match definition["type"]:
            case "number":
                float(value)
            case "enumeration":
                return value in definition["options"]
            case "date" | "datetime":
                datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _fits(record: Json, one: Json) -> bool:
    held = str(record.get(one["propertyName"]) or "").lower()
    if one["propertyName"] == "hs_timestamp":
        # Instants are compared in milliseconds, however they were written.
        held = str(round(datetime.fromisoformat(held.upper()).timestamp() * 1000))
    if one["operator"] == "IN":
        # The vendor compares the values as they stand with its small letters.
        return held in one["values"]
    return held == one["value"].lower()
