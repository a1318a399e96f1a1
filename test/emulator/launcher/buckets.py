"""Buckets as AWS has them: the emulator's CloudFormation drops half of their properties, and deletes full ones."""

from xml.sax.saxutils import escape

import ministack.services.s3 as s3

NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"


def bucket(stock):
    """Buckets whose encryption, lifecycle and tags are set too, and which are deleted empty or not at all."""

    def configured(name, attributes, props):
        for to_xml, put in (
            (encryption_xml, s3._put_bucket_encryption),
            (lifecycle_xml, s3._put_bucket_lifecycle),
            (tags_xml, s3._put_bucket_tagging),
        ):
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
        element(
            "Rule",
            element(
                "ApplyServerSideEncryptionByDefault",
                text("SSEAlgorithm", rule["SSEAlgorithm"]) + text("KMSMasterKeyID", rule.get("KMSMasterKeyID")),
            ),
        )
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
        "ExpiredObjectDeleteMarker", rule.get("ExpiredObjectDeleteMarker")
    )
    parts = [
        text("ID", rule.get("Id")),
        element("Filter", f"<Prefix>{escape(rule.get('Prefix', ''))}</Prefix>"),
        text("Status", rule["Status"]),
        *(
            element(
                "Transition", text("Days", move.get("TransitionInDays")) + text("StorageClass", move["StorageClass"])
            )
            for move in rule.get("Transitions", [])
        ),
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
