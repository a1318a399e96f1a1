"""Serves one request as SageMaker's container does: the script that the environment names, its four functions in order."""

import importlib
import os
import sys
from pathlib import Path

folder, body = Path(sys.argv[1]), sys.stdin.buffer.read()
code = folder / Path(os.environ["SAGEMAKER_SUBMIT_DIRECTORY"]).relative_to("/opt/ml/model")
sys.path.insert(0, str(code))
script = importlib.import_module(Path(os.environ["SAGEMAKER_PROGRAM"]).stem)
model = script.model_fn(str(folder))
answer, content_type = script.output_fn(script.predict_fn(script.input_fn(body, "text/csv"), model), "text/csv")
print(answer)
assert content_type == "text/csv"
