"""Tasks of Step Functions that the emulator does not have: a Glue job, for real under PySpark, and Athena queries.

LAKETWIN_SPARK_PYTHON names an interpreter that has PySpark. The job works on a copy of its buckets in a folder, and what
it changed there is put back.
"""

import asyncio
import json
import logging
import os
import re
import subprocess
import tempfile

import ministack.services.athena as athena
import ministack.services.firehose as firehose
import ministack.services.glue as glue
import ministack.services.s3 as s3
import ministack.services.ssm as ssm
import ministack.services.stepfunctions as stepfunctions

from notes import note_recorded

ADDRESS = re.compile(r"s3://([^/,\s]+)(/[^,\s]*)?")
JOB_SECONDS = 240
SPARK = (
    "--master local[2] --conf spark.ui.enabled=false --conf spark.ui.showConsoleProgress=false "
    "--conf spark.driver.host=127.0.0.1 --conf spark.driver.bindAddress=127.0.0.1 "
    "--conf spark.sql.shuffle.partitions=4 --conf spark.driver.memory=1g pyspark-shell"
)
logger = logging.getLogger("laketwin")


def install():
    stepfunctions._SERVICE_DISPATCH.update(
        {
            "arn:aws:states:::glue:startJobRun": run_job,
            "arn:aws:states:::athena:startQueryExecution": run_query,
            "arn:aws:states:::athena:getQueryResults": query_results,
            "arn:aws:states:::aws-sdk:quicksight:createIngestion": record_refresh,
        }
    )


def record_refresh(_resource, data):
    """There is no QuickSight behind it."""
    note_recorded("a refresh of a QuickSight data set", data["IngestionId"])
    return {"IngestionId": data["IngestionId"], "IngestionStatus": "INITIALIZED"}


def failed(error, cause):
    return stepfunctions._ExecutionError(error, cause)


def run_query(_resource, data):
    """Waits for the end, as `.sync` does."""

    async def run():
        answer = checked("Athena", athena._start_query_execution(data))
        while True:
            found = checked("Athena", athena._get_query_execution(answer))
            status = found["QueryExecution"]["Status"]
            if status["State"] in ("SUCCEEDED", "FAILED", "CANCELLED"):
                return found, status
            await asyncio.sleep(0.05)

    found, status = asyncio.run(run())
    if status["State"] != "SUCCEEDED":
        raise failed("States.TaskFailed", f"{status['State']}: {status['StateChangeReason']}: {data['QueryString']}")
    return found


def query_results(_resource, data):
    return checked("Athena", athena._get_query_results(data))


def checked(service, answer):
    status, _headers, body = answer
    found = json.loads(body or b"{}")
    if status >= 400:
        raise failed(f"{service}.{found.get('__type', 'Exception')}", found.get("message", str(body)))
    return found


def run_job(_resource, data):
    job = glue._jobs.get(data["JobName"])
    if job is None:
        raise failed("Glue.EntityNotFoundException", f"there is no job {data['JobName']}")
    arguments = {**job["DefaultArguments"], **data.get("Arguments", {})}
    with tempfile.TemporaryDirectory(prefix="glue-job-") as folder:
        copies = Copies(folder)
        script = copies.file(job["Command"]["ScriptLocation"])
        modules = copies.modules(arguments.pop("--extra-py-files", ""))
        command = [os.environ["LAKETWIN_SPARK_PYTHON"], script]
        for name, value in arguments.items():
            command += [name, copies.local(value)]
        before = copies.state()
        environment = {
            **os.environ,
            "PYTHONPATH": modules,
            "PYSPARK_SUBMIT_ARGS": SPARK,
            "PYSPARK_PYTHON": command[0],
            "SPARK_LOCAL_IP": "127.0.0.1",
        }
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=JOB_SECONDS, check=False
        )
        if done.returncode != 0:
            last = "\n".join((done.stderr or done.stdout).strip().splitlines()[-15:])
            logger.warning("job %s ended with status %s:\n%s", data["JobName"], done.returncode, last)
            raise failed("States.TaskFailed", last)
        copies.put_back(before)
    return {"JobName": data["JobName"], "JobRunState": "SUCCEEDED", "Arguments": arguments}


class Copies:
    """Buckets as folders."""

    def __init__(self, folder):
        self.folder = folder
        self.copied = set()

    def local(self, value):
        """An argument with its addresses as paths; the buckets are copied whole, and so is a parameter of SSM."""
        if value.startswith("ssm:"):
            return self.parameter(value.removeprefix("ssm:"))

        def path(match):
            bucket, key = match.group(1), (match.group(2) or "").lstrip("/")
            self.copy(bucket)
            return os.path.join(self.folder, "buckets", bucket, key)

        return ADDRESS.sub(path, value)

    def parameter(self, name):
        path = os.path.join(self.folder, "parameter.json")
        with open(path, "w") as file:
            file.write(ssm.resolve_parameter_value(name, decrypt=True))
        return path

    def file(self, address):
        return self.local(address)

    def modules(self, addresses):
        """Archives and files on Python's path, under the names that they have in S3, as Glue puts them there."""
        paths = [self.local(address) for address in filter(None, addresses.split(","))]
        return os.pathsep.join(path if path.endswith(".zip") else os.path.dirname(path) for path in paths)

    def copy(self, bucket):
        if bucket in self.copied:
            return
        self.copied.add(bucket)
        root = os.path.join(self.folder, "buckets", bucket)
        os.makedirs(root)
        for key in list(s3._buckets[bucket]["objects"]):
            path = os.path.join(root, key)
            if key.endswith("/"):
                continue
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(s3._get_object_data(bucket, key))

    def state(self):
        """Bucket and key of each file to what tells a change."""
        found = {}
        for bucket in self.copied:
            root = os.path.join(self.folder, "buckets", bucket)
            for place, _folders, files in os.walk(root):
                for name in files:
                    path = os.path.join(place, name)
                    # Spark's own checksums stay on the machine that made them.
                    if name.startswith(".") and name.endswith(".crc"):
                        continue
                    info = os.stat(path)
                    found[(bucket, os.path.relpath(path, root))] = (info.st_mtime_ns, info.st_size, path)
        return found

    def put_back(self, before):
        after = self.state()
        for (bucket, key), (changed, size, path) in after.items():
            known = before.get((bucket, key))
            if known is None or known[:2] != (changed, size):
                with open(path, "rb") as file:
                    firehose._put_s3_object(bucket, key, file.read())
        for bucket, key in before.keys() - after.keys():
            s3._delete_object(bucket, key)
