from collections.abc import Iterator

import pytest
from pyspark.sql import SparkSession

from spark_settings import configure


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    session = SparkSession.builder.master("local[2]").appName("tests").getOrCreate()
    configure(session)
    yield session
    session.stop()
