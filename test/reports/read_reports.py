"""Prints what other readers than our writers find in the files that are given, as JSON by path."""

import csv
import datetime
import json
import sys

import openpyxl
import pypdf


def read_pdf(path):
    reader = pypdf.PdfReader(path)
    root = reader.trailer["/Root"]
    alternatives = []
    walk(root["/StructTreeRoot"], alternatives)
    return {
        "pages": [page.extract_text() for page in reader.pages],
        "language": root.get("/Lang"),
        "isMarked": bool(root.get("/MarkInfo", {}).get("/Marked")),
        "showsTitle": bool(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle")),
        "title": reader.metadata.title,
        "alternatives": [text for kind, text in alternatives if kind == "/Figure"],
        "tags": sorted({kind for kind, _ in alternatives}),
        "landscape": all(page.mediabox.width > page.mediabox.height for page in reader.pages),
    }


def walk(node, found):
    node = node.get_object()
    if not isinstance(node, dict):
        return
    if "/S" in node:
        found.append((node["/S"], node.get("/Alt")))
    children = node.get("/K", [])
    for child in children if isinstance(children, list) else [children]:
        if isinstance(child.get_object(), (dict, list)):
            walk(child, found)


def read_xlsx(path):
    book = openpyxl.load_workbook(path)
    return {
        sheet.title: [[[cell.data_type, plain(cell.value), cell.number_format] for cell in row] for row in sheet.rows]
        for sheet in book
    }


def plain(value):
    return value.isoformat() if isinstance(value, datetime.datetime) else value


def read_csv(path, separator):
    with open(path, "rb") as file:
        starts = file.read(3) == b"\xef\xbb\xbf"
    with open(path, encoding="utf-8-sig", newline="") as file:
        return {"hasMark": starts, "rows": list(csv.reader(file, delimiter=separator, strict=True))}


READERS = {
    "pdf": read_pdf,
    "xlsx": read_xlsx,
    "en.csv": lambda path: read_csv(path, ","),
    "fr.csv": lambda path: read_csv(path, ";"),
}

answers = {}
for argument in sys.argv[1:]:
    kind, path = argument.split(":", 1)
    answers[path] = READERS[kind](path)
print(json.dumps(answers))
