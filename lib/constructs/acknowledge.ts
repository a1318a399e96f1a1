import { CfnResource } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Key of a resource's metadata under which `npm run infra:check` finds what is acknowledged. */
export const ACKNOWLEDGED = 'laketwin:acknowledged';

/** Reason for which `cfn-lint:W3005` is right and harmless. */
export const WAITS_TWICE =
  'The CDK lets a resource wait for its role and its policy alike: that it would wait for the role anyway harms nothing.';

/**
 * Says beside a resource that a finding of `npm run infra:check` is known and right, with a reason that a stranger would
 * accept: one decision, whichever scanners ask for it. `rules` are as the gate prints them (`checkov:CKV_AWS_117`), with
 * `{name}` for any word without a slash and `{path}` for any with them. It holds for the resources of CloudFormation of
 * this type within `construct`; the gate fails on an acknowledgement that matches nothing in an environment.
 */
export function acknowledge(construct: IConstruct, type: string, rules: readonly string[], reason: string): void {
  for (const child of construct.node.findAll()) {
    if (!CfnResource.isCfnResource(child) || child.cfnResourceType !== type) continue;
    const before: { rule: string; reason: string }[] = child.getMetadata(ACKNOWLEDGED) ?? [];
    child.addMetadata(ACKNOWLEDGED, [...before, ...rules.map((rule) => ({ rule, reason }))]);
  }
}
