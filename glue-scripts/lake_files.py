"""Files of the lake through Spark's own file systems, so that `s3://` and a folder are one."""

import json

from py4j.java_gateway import JavaObject
from pyspark.sql import SparkSession


class JobError(Exception):
    """What stops the job, in one sentence for those who run it."""


class Files:
    """The files under Spark's paths, on S3 or in a folder."""

    def __init__(self, spark: SparkSession) -> None:
        self._jvm = spark._jvm
        self._settings = spark._jsc.hadoopConfiguration()

    def exists(self, uri: str) -> bool:
        path = self._path(uri)
        return self._system(path).exists(path)

    def read_json(self, uri: str) -> dict:
        path = self._path(uri)
        stream = self._system(path).open(path)
        try:
            return json.loads(bytes(self._jvm.org.apache.commons.io.IOUtils.toByteArray(stream)))
        finally:
            stream.close()

    def put_json(self, uri: str, value: dict) -> None:
        """Under another name first, so that no one sees half of it."""
        path, draft = self._path(uri), self._path(f"{uri}.draft")
        system = self._system(path)
        stream = system.create(draft, True)
        stream.write(bytearray(json.dumps(value, indent=2).encode()))
        stream.close()
        if not system.rename(draft, path):
            raise JobError(f"{uri} could not be written, for it is there already or its folder is closed to the job")

    def replace(self, uri: str, other: str) -> None:
        """Moves a file to another name, over what may be there."""
        self.remove(other)
        path = self._path(other)
        system = self._system(path)
        system.mkdirs(path.getParent())
        if not system.rename(self._path(uri), path):
            raise JobError(f"{uri} could not be moved to {other}")

    def remove(self, uri: str) -> None:
        path = self._path(uri)
        self._system(path).delete(path, True)

    def data_files(self, folder: str, base: str) -> list[dict]:
        """The Parquet files under a folder, with their key below `base`, rows and size."""
        path = self._path(folder)
        system = self._system(path)
        if not system.exists(path):
            return []
        root = system.makeQualified(self._path(base)).toString().rstrip("/")
        listed = system.listFiles(path, True)
        found = []
        while listed.hasNext():
            status = listed.next()
            uri = status.getPath().toString()
            if uri.endswith(".parquet"):
                key = uri[len(root) + 1 :]
                found.append({"key": key, "rows": self._rows(status.getPath()), "sizeBytes": status.getLen()})
        return sorted(found, key=lambda file: file["key"])

    def _rows(self, path: JavaObject) -> int:
        parquet = self._jvm.org.apache.parquet.hadoop
        reader = parquet.ParquetFileReader.open(parquet.util.HadoopInputFile.fromPath(path, self._settings))
        try:
            return reader.getRecordCount()
        finally:
            reader.close()

    def _path(self, uri: str) -> JavaObject:
        return self._jvm.org.apache.hadoop.fs.Path(uri)

    def _system(self, path: JavaObject) -> JavaObject:
        return path.getFileSystem(self._settings)
