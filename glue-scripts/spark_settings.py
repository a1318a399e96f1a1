"""Settings on which answers hang: set by every job for every session, so that none can be forgotten."""

from pyspark.sql import SparkSession

SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    # Errors instead of silent nulls, and "name" is a column as in Athena.
    "spark.sql.ansi.enabled": "true",
    "spark.sql.ansi.doubleQuotedIdentifiers": "true",
    # The lake's calendar is the proleptic Gregorian one, its instants are microseconds in UTC.
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
    "spark.sql.parquet.int96RebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.parquet.compression.codec": "zstd",
}


def configure(spark: SparkSession) -> None:
    for name, value in SETTINGS.items():
        spark.conf.set(name, value)
