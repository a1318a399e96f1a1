"""Resource types without a service behind them: a name and an ARN are given out, which proves references and order alone."""

from ministack.core.responses import get_account_id, get_region, new_uuid

from notes import note_recorded

# The property that names one, and the service and form of its ARN.
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


def recording(resource_type, naming, service, form):
    def attributes(name):
        place = form.format(name)
        arn = f"arn:aws:{service}:{get_region()}:{get_account_id()}:{place}"
        last = resource_type.rsplit("::", 1)[1]
        return {"Arn": arn, f"{last}Arn": arn}

    def create(logical_id, props, stack_name):
        name = props.get(naming) or f"{stack_name}-{logical_id}-{new_uuid()[:8]}"
        note_recorded(resource_type, name)
        return name, attributes(name)

    def update(physical_id, _old, _new, _stack_name):
        return physical_id, attributes(physical_id)

    return {"create": create, "update": update, "delete": lambda _physical_id, _props: None}


def alarm(stock):
    """Alarms over metric math, which the emulator refuses; all others are its own."""
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
