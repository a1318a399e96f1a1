"""Who is allowed and denied what, by the emulator's own evaluation of policies."""

import json

import ministack.app
import ministack.core.iam_actions as iam_actions
import ministack.core.iam_evaluator as iam_evaluator
import ministack.services.athena as athena
from ministack.core.responses import get_account_id

from notes import note_right


def install():
    iam_evaluator.enforce = noting_rights()
    iam_actions.extract_resource_arn = knowing_queries()
    origin = ministack.app.pin_request_origin
    # The loopback address stands for TLS: buckets refuse whatever came without.
    ministack.app.pin_request_origin = lambda address, _is_secure: origin(address, True)


def noting_rights():
    stock = iam_evaluator.enforce

    def enforce(access_key_id, iam_action, service, region, resource_arn="*", service_context=None):
        denied = stock(access_key_id, iam_action, service, region, resource_arn, service_context)
        principal = iam_evaluator.resolve_principal(access_key_id or "", get_account_id())
        arn = getattr(principal, "arn", "")
        if ":assumed-role/" in arn:
            role = arn.split("/")[1]
            if denied is None:
                note_right("allowed", role, iam_action)
            else:
                note_right("denied", role, f"{iam_action} on {resource_arn}")
        return denied

    return enforce


def knowing_queries():
    """Athena asks for the right to the workgroup of a query, which a request about the query does not name."""
    stock = iam_actions.extract_resource_arn

    def extract_resource_arn(service, method, path, headers, body, query_params, region, account_id):
        found = stock(service, method, path, headers, body, query_params, region, account_id)
        if service != "athena" or found != "*":
            return found
        query = athena._executions.get(json.loads(body or b"{}").get("QueryExecutionId"))
        return found if query is None else f"arn:aws:athena:{region}:{account_id}:workgroup/{query['WorkGroup']}"

    return extract_resource_arn
