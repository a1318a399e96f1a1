"""Starts MiniStack, an emulator of AWS, with what it lacks for a whole lake; see the modules beside this.

It hooks into the emulator's private names, so its version is pinned. Types are added only where the emulator has none, so
that a later version's own support wins.
"""

import os
import signal
import threading
import time

import ministack.app
from ministack.services.cloudformation.provisioners import _RESOURCE_HANDLERS as HANDLERS

import athena_tables
import firehose_buffer
import machine_tasks
import rights
from buckets import bucket
from recorded_types import RECORDED_TYPES, alarm, recording
from service_types import SERVICE_TYPES


def end_with(parent):
    """Whoever started this may be killed without a chance to stop it: the whole group goes then."""
    while os.getppid() == parent:
        time.sleep(1)
    os.killpg(0, signal.SIGKILL)


def main():
    threading.Thread(target=end_with, args=(os.getppid(),), daemon=True).start()
    for resource_type, make in SERVICE_TYPES.items():
        HANDLERS.setdefault(resource_type, make())
    for resource_type, (naming, service, form) in RECORDED_TYPES.items():
        HANDLERS.setdefault(resource_type, recording(resource_type, naming, service, form))
    HANDLERS["AWS::S3::Bucket"] = bucket(HANDLERS["AWS::S3::Bucket"])
    HANDLERS["AWS::CloudWatch::Alarm"] = alarm(HANDLERS["AWS::CloudWatch::Alarm"])
    for module in (athena_tables, firehose_buffer, machine_tasks, rights):
        module.install()
    ministack.app.main()


if __name__ == "__main__":
    main()
