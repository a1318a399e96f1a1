import { CfnResource } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Key of a resource's metadata under which `npm run infra:check` finds what is acknowledged. */
export const ACKNOWLEDGED = 'laketwin:acknowledged';

/**
 * Says beside a resource that a finding of `npm run infra:check` is known and right, with a reason that a stranger would
 * accept. `rule` is as the gate prints it (`cdk-nag:AwsSolutions-S1`, `checkov:CKV_AWS_117`). It holds for every
 * resource of CloudFormation within `construct`; the gate fails on an acknowledgement that matches nothing.
 */
export function acknowledge(construct: IConstruct, rule: string, reason: string): void {
  for (const child of construct.node.findAll()) {
    if (!CfnResource.isCfnResource(child)) continue;
    const before: { rule: string; reason: string }[] = child.getMetadata(ACKNOWLEDGED) ?? [];
    child.addMetadata(ACKNOWLEDGED, [...before, { rule, reason }]);
  }
}
