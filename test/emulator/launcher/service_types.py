"""Resource types that the emulator has a service for and its CloudFormation does not know."""

import json

import ministack.services.athena as athena
import ministack.services.budgets as budgets
import ministack.services.cloudtrail as cloudtrail
import ministack.services.glue as glue
from ministack.core.responses import get_account_id


def call(resource_type, function, body):
    """What the emulator's own API answers; a refusal fails the resource."""
    status, _headers, answer = function(body)
    if status >= 400:
        raise ValueError(f"{resource_type}: {answer!r}")
    return json.loads(answer or b"{}")


def replacing(create, delete):
    """An update makes the resource anew; only creation and deletion are asked of the services below."""

    def update(physical_id, old, new, stack_name):
        delete(physical_id, old)
        return create(physical_id, new, stack_name)

    return {"create": create, "update": update, "delete": delete}


def named_query():
    def create(_logical_id, props, _stack_name):
        made = call("AWS::Athena::NamedQuery", athena._create_named_query, props)
        return made["NamedQueryId"], {"NamedQueryId": made["NamedQueryId"]}

    def delete(physical_id, _props):
        call("AWS::Athena::NamedQuery", athena._delete_named_query, {"NamedQueryId": physical_id})

    return replacing(create, delete)


def trail():
    kind = "AWS::CloudTrail::Trail"

    def create(logical_id, props, stack_name):
        name = props.get("TrailName") or f"{stack_name}-{logical_id}"[:128]
        body = {
            "Name": name,
            "S3BucketName": props["S3BucketName"],
            "S3KeyPrefix": props.get("S3KeyPrefix", ""),
            "KmsKeyId": props.get("KMSKeyId", ""),
            "IncludeGlobalServiceEvents": truth(props.get("IncludeGlobalServiceEvents", True)),
            "IsMultiRegionTrail": truth(props.get("IsMultiRegionTrail", False)),
            "EnableLogFileValidation": truth(props.get("EnableLogFileValidation", False)),
        }
        arn = call(kind, cloudtrail._create_trail, body)["TrailARN"]
        for selectors in ("EventSelectors", "AdvancedEventSelectors"):
            if props.get(selectors):
                call(kind, cloudtrail._put_event_selectors, {"TrailName": name, selectors: props[selectors]})
        if truth(props["IsLogging"]):
            call(kind, cloudtrail._start_logging, {"Name": name})
        return name, {"Arn": arn}

    return replacing(create, lambda physical_id, _props: call(kind, cloudtrail._delete_trail, {"Name": physical_id}))


def security_configuration():
    kind = "AWS::Glue::SecurityConfiguration"

    def create(_logical_id, props, _stack_name):
        return call(kind, glue._create_security_configuration, props)["Name"], {}

    def delete(physical_id, _props):
        call(kind, glue._delete_security_configuration, {"Name": physical_id})

    return replacing(create, delete)


def workflow():
    kind = "AWS::Glue::Workflow"
    return replacing(
        lambda _logical_id, props, _stack_name: (call(kind, glue._create_workflow, props)["Name"], {}),
        lambda physical_id, _props: call(kind, glue._delete_workflow, {"Name": physical_id}),
    )


def budget():
    kind = "AWS::Budgets::Budget"

    def create(_logical_id, props, _stack_name):
        account = get_account_id()
        limit = props["Budget"].get("BudgetLimit")
        # The template has numbers where the API has texts.
        texts = {"BudgetLimit": {**limit, "Amount": str(limit["Amount"])}} if limit else {}
        call(kind, budgets._create_budget, {"AccountId": account, **props, "Budget": {**props["Budget"], **texts}})
        return props["Budget"]["BudgetName"], {}

    def delete(physical_id, _props):
        call(kind, budgets._delete_budget, {"AccountId": get_account_id(), "BudgetName": physical_id})

    return replacing(create, delete)


def truth(value):
    return value if isinstance(value, bool) else str(value).lower() == "true"


SERVICE_TYPES = {
    "AWS::Athena::NamedQuery": named_query,
    "AWS::CloudTrail::Trail": trail,
    "AWS::Glue::SecurityConfiguration": security_configuration,
    "AWS::Glue::Workflow": workflow,
    "AWS::Budgets::Budget": budget,
}
