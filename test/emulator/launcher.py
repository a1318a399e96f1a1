"""Starts MiniStack, an emulator of AWS, with the resource types that its CloudFormation lacks.

REAL types are made through the emulator's own service, so that its API answers for them. RECORDED types have no service
behind them: a name and an ARN are given out, which proves references and order and nothing more. What was recorded is
written as JSON to the file that LAKETWIN_RECORDED names, for the report. Entries are set only where the emulator has
none, so that a later version's own support wins.
"""

import json
import os
import signal
import threading
import time
from xml.sax.saxutils import escape

import ministack.app
import ministack.services.athena as athena
import ministack.services.budgets as budgets
import ministack.services.cloudtrail as cloudtrail
import ministack.services.firehose as firehose
import ministack.services.glue as glue
import ministack.services.s3 as s3
from ministack.core.responses import get_account_id, get_region, new_uuid
from ministack.services.cloudformation.provisioners import _RESOURCE_HANDLERS as HANDLERS

NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"

# --- Types that are only recorded: the property that names one, and the service and form of its ARN

RECORDED_TYPES = {
    "AWS::Glue::DataQualityRuleset": ("Name", "glue", "dataQualityRuleset/{}"),
    "AWS::Glue::SchemaVersion": ("VersionId", "glue", "schema/{}"),
    "AWS::CloudWatch::CompositeAlarm": ("AlarmName", "cloudwatch", "alarm:{}"),
    "AWS::CloudWatch::AnomalyDetector": ("Id", "cloudwatch", "anomaly-detector:{}"),
    "AWS::Logs::QueryDefinition": ("QueryDefinitionId", "logs", "query-definition:{}"),
    "AWS::LakeFormation::Resource": ("ResourceArn", "lakeformation", "resource/{}"),
    "AWS::LakeFormation::PrincipalPermissions": ("Id", "lakeformation", "permissions/{}"),
    "AWS::QuickSight::DataSource": ("DataSourceId", "quicksight", "datasource/{}"),
    "AWS::QuickSight::DataSet": ("DataSetId", "quicksight", "dataset/{}"),
    "AWS::QuickSight::Analysis": ("AnalysisId", "quicksight", "analysis/{}"),
    "AWS::QuickSight::Dashboard": ("DashboardId", "quicksight", "dashboard/{}"),
    "AWS::QuickSight::Template": ("TemplateId", "quicksight", "template/{}"),
    "AWS::QuickSight::Theme": ("ThemeId", "quicksight", "theme/{}"),
    "AWS::QuickSight::RefreshSchedule": ("Id", "quicksight", "refresh-schedule/{}"),
    "AWS::SageMaker::Model": ("ModelName", "sagemaker", "model/{}"),
    "AWS::SageMaker::ModelPackageGroup": ("ModelPackageGroupName", "sagemaker", "model-package-group/{}"),
    "AWS::SageMaker::EndpointConfig": ("EndpointConfigName", "sagemaker", "endpoint-config/{}"),
    "AWS::SageMaker::Endpoint": ("EndpointName", "sagemaker", "endpoint/{}"),
    "AWS::SageMaker::Pipeline": ("PipelineName", "sagemaker", "pipeline/{}"),
    "AWS::SageMaker::FeatureGroup": ("FeatureGroupName", "sagemaker", "feature-group/{}"),
}

recorded: dict[str, int] = {}


def note(resource_type):
    recorded[resource_type] = recorded.get(resource_type, 0) + 1
    with open(os.environ["LAKETWIN_RECORDED"], "w", encoding="utf-8") as file:
        json.dump(recorded, file, indent=2, sort_keys=True)


def recording(resource_type, naming, service, form):
    def attributes(name):
        place = form.format(name)
        arn = f"arn:aws:{service}:{get_region()}:{get_account_id()}:{place}"
        last = resource_type.rsplit("::", 1)[1]
        return {"Arn": arn, f"{last}Arn": arn}

    def create(logical_id, props, stack_name):
        note(resource_type)
        name = props.get(naming) or f"{stack_name}-{logical_id}-{new_uuid()[:8]}"
        return name, attributes(name)

    def update(physical_id, _old, _new, _stack_name):
        return physical_id, attributes(physical_id)

    return {"create": create, "update": update, "delete": lambda _physical_id, _props: None}


# --- Types that the emulator has a service for


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


# --- Buckets: the emulator's CloudFormation drops encryption, lifecycle and tags, and deletes full buckets


def bucket():
    stock = dict(HANDLERS["AWS::S3::Bucket"])

    def configured(name, attributes, props):
        for to_xml, put in ((encryption_xml, s3._put_bucket_encryption), (lifecycle_xml, s3._put_bucket_lifecycle),
                            (tags_xml, s3._put_bucket_tagging)):
            body = to_xml(props)
            if body is None:
                continue
            status, _headers, answer = put(name, body.encode())
            if status >= 400:
                raise ValueError(f"AWS::S3::Bucket {name}: {answer!r}")
        return name, attributes

    def create(logical_id, props, stack_name):
        return configured(*stock["create"](logical_id, props, stack_name), props)

    def update(physical_id, old, new, stack_name):
        return configured(*stock["update"](physical_id, old, new, stack_name), new)

    def delete(physical_id, props):
        status, _headers, answer = s3._delete_bucket(physical_id)
        if status == 409:
            raise ValueError(f"AWS::S3::Bucket {physical_id}: {answer!r}")
        stock["delete"](physical_id, props)

    return {**stock, "create": create, "update": update, "delete": delete}


def encryption_xml(props):
    rules = props.get("BucketEncryption", {}).get("ServerSideEncryptionConfiguration", [])
    by_default = [rule["ServerSideEncryptionByDefault"] for rule in rules]
    # AWS takes its own key where none is named, as the CDK's bootstrap does; the emulator would refuse every object.
    by_default = [rule for rule in by_default if rule["SSEAlgorithm"] != "aws:kms" or rule.get("KMSMasterKeyID")]
    if not by_default:
        return None
    body = "".join(
        element("Rule", element("ApplyServerSideEncryptionByDefault",
            text("SSEAlgorithm", rule["SSEAlgorithm"]) + text("KMSMasterKeyID", rule.get("KMSMasterKeyID"))))
        for rule in by_default
    )
    return document("ServerSideEncryptionConfiguration", body)


def lifecycle_xml(props):
    rules = props.get("LifecycleConfiguration", {}).get("Rules", [])
    return document("LifecycleConfiguration", "".join(map(rule_xml, rules))) if rules else None


def rule_xml(rule):
    """A rule in the words of S3's API, which differ a little from CloudFormation's."""
    noncurrent = rule.get("NoncurrentVersionExpiration") or {}
    abort = rule.get("AbortIncompleteMultipartUpload") or {}
    expiration = text("Days", rule.get("ExpirationInDays")) + text(
        "ExpiredObjectDeleteMarker", rule.get("ExpiredObjectDeleteMarker"))
    parts = [
        text("ID", rule.get("Id")),
        element("Filter", f"<Prefix>{escape(rule.get('Prefix', ''))}</Prefix>"),
        text("Status", rule["Status"]),
        *(element("Transition", text("Days", move.get("TransitionInDays")) + text("StorageClass", move["StorageClass"]))
          for move in rule.get("Transitions", [])),
        element("Expiration", expiration),
        element("NoncurrentVersionExpiration", text("NoncurrentDays", noncurrent.get("NoncurrentDays"))),
        element("AbortIncompleteMultipartUpload", text("DaysAfterInitiation", abort.get("DaysAfterInitiation"))),
    ]
    return element("Rule", "".join(parts))


def tags_xml(props):
    tags = props.get("Tags", [])
    body = "".join(element("Tag", text("Key", tag["Key"]) + text("Value", tag["Value"])) for tag in tags)
    return document("Tagging", element("TagSet", body)) if tags else None


def document(name, body):
    return f'<{name} xmlns="{NAMESPACE}">{body}</{name}>'


def element(name, body):
    return f"<{name}>{body}</{name}>" if body else ""


def text(name, value):
    if value is None:
        return ""
    return element(name, escape(str(value).lower() if isinstance(value, bool) else str(value)))


# --- Alarms over metric math, which the emulator refuses


def alarm():
    stock = dict(HANDLERS["AWS::CloudWatch::Alarm"])
    recorder = recording("AWS::CloudWatch::Alarm (metric math)", "AlarmName", "cloudwatch", "alarm:{}")
    made = set()

    def create(logical_id, props, stack_name):
        if "Metrics" not in props:
            return stock["create"](logical_id, props, stack_name)
        name, attributes = recorder["create"](logical_id, props, stack_name)
        made.add(name)
        return name, attributes

    def update(physical_id, old, new, stack_name, logical_id=None):
        if physical_id in made:
            return recorder["update"](physical_id, old, new, stack_name)
        return stock["update"](physical_id, old, new, stack_name, logical_id)

    def delete(physical_id, props):
        if physical_id not in made:
            stock["delete"](physical_id, props)

    return {**stock, "create": create, "update": update, "delete": delete}


# --- Firehose: the emulator delivers record by record; here what one PutRecordBatch brings is one buffer


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


REAL_TYPES = {
    "AWS::Athena::NamedQuery": named_query,
    "AWS::CloudTrail::Trail": trail,
    "AWS::Glue::SecurityConfiguration": security_configuration,
    "AWS::Glue::Workflow": workflow,
    "AWS::Budgets::Budget": budget,
}


def end_with(parent):
    """Whoever started this may be killed without a chance to stop it: the whole group goes then."""
    while os.getppid() == parent:
        time.sleep(1)
    os.killpg(0, signal.SIGKILL)


def main():
    threading.Thread(target=end_with, args=(os.getppid(),), daemon=True).start()
    for resource_type, make in REAL_TYPES.items():
        HANDLERS.setdefault(resource_type, make())
    for resource_type, (naming, service, form) in RECORDED_TYPES.items():
        HANDLERS.setdefault(resource_type, recording(resource_type, naming, service, form))
    HANDLERS["AWS::S3::Bucket"] = bucket()
    HANDLERS["AWS::CloudWatch::Alarm"] = alarm()
    firehose._deliver_records_to_s3 = hold
    firehose._HANDLERS["PutRecordBatch"] = put_as_one_buffer
    ministack.app.main()


if __name__ == "__main__":
    main()
