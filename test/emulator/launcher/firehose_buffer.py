"""Firehose: the emulator delivers record by record; here what one PutRecordBatch brings is what a buffer held."""

import threading

import ministack.services.firehose as firehose


class Buffers(threading.local):
    """Records that the call under way brought, by stream; None outside of such a call."""

    held: dict | None = None


buffers = Buffers()
deliver_now = firehose._deliver_records_to_s3
put_record_batch = firehose._put_record_batch


def hold(stream, dest, records):
    if buffers.held is None:
        deliver_now(stream, dest, records)
        return
    _stream, _dest, held = buffers.held.setdefault(dest["id"], (stream, dest, []))
    held.extend(records)


def put_as_one_buffer(data):
    buffers.held = {}
    try:
        answer = put_record_batch(data)
        for stream, dest, records in buffers.held.values():
            deliver_as_one_object(stream, dest, records)
    finally:
        buffers.held = None
    return answer


def deliver_as_one_object(stream, dest, records):
    """One call of the function and one object, parted again only where a document cannot be converted."""
    answered = [data for _id, data in firehose._apply_lambda_processors(stream, dest, records)]
    if not answered:
        return
    together = b"\n".join(answered)
    conversion = dest["config"].get("DataFormatConversionConfiguration") or {}
    try:
        if conversion.get("Enabled"):
            firehose._convert_to_parquet(conversion, together)
        answered = [together]
    except firehose._DeliveryError:
        pass
    for data in answered:
        firehose._deliver_to_s3(stream, dest, data)


def install():
    firehose._deliver_records_to_s3 = hold
    firehose._HANDLERS["PutRecordBatch"] = put_as_one_buffer
