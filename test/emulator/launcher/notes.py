"""What the launcher saw, for the report: written as JSON to the file that LAKETWIN_NOTES names."""

import json
import os
import threading

notes: dict = {"recorded": {}, "allowed": {}, "denied": {}}
writing = threading.Lock()


def note_recorded(resource_type, name):
    with writing:
        notes["recorded"].setdefault(resource_type, []).append(name)
        write_notes()


def note_right(outcome, role, right):
    with writing:
        rights = notes[outcome].setdefault(role, [])
        if right not in rights:
            rights.append(right)
            write_notes()


def write_notes():
    path = os.environ["LAKETWIN_NOTES"]
    with open(f"{path}.new", "w", encoding="utf-8") as file:
        json.dump(notes, file, indent=2, sort_keys=True)
    os.replace(f"{path}.new", path)
