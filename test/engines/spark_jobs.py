"""Runs one job after the other in one Spark, each started as Glue starts it: arguments in, outcome out, a line each."""

import contextlib
import io
import json
import runpy
import sys
import traceback


def run(arguments: list[str]) -> dict:
    sys.argv = arguments
    output = io.StringIO()
    try:
        with contextlib.redirect_stdout(output):
            runpy.run_path(arguments[0], run_name="__main__")
    except SystemExit as end:
        return {"status": 1, "output": output.getvalue(), "errors": str(end)}
    except Exception:
        return {"status": 1, "output": output.getvalue(), "errors": traceback.format_exc()}
    return {"status": 0, "output": output.getvalue(), "errors": ""}


for line in sys.stdin:
    print(json.dumps(run(json.loads(line))), flush=True)
