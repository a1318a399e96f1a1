import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import type { CloudAssembly, CloudFormationStackArtifact } from 'aws-cdk-lib/cx-api';
import { proven } from '../../lib/environments.ts';
import { LakeStage } from '../../lib/lake-stage.ts';

export interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template is whatever CloudFormation takes, and tests look deep into it
  readonly Properties: any;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** A stack of one environment, as it would be deployed. */
export interface StackTemplate {
  /** As in `Prod/Storage`. */
  readonly name: string;
  readonly environment: string;
  readonly terminationProtection: boolean;
  readonly resources: Readonly<Record<string, Resource>>;
}

/** Every stack of every environment, and of one in which everything is on, synthesised in one go as `cdk synth` does, without bundling. */
export function synthesise(): StackTemplate[] {
  const { context } = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'));
  const app = new App({ analyticsReporting: false, context: { ...context, 'aws:cdk:bundling-stacks': [] } });
  for (const environment of proven) {
    const id = `${environment.name.slice(0, 1).toUpperCase()}${environment.name.slice(1)}`;
    new LakeStage(app, id, environment);
  }
  return app.synth().nestedAssemblies.flatMap(({ nestedAssembly }) => stacksOf(nestedAssembly));
}

function stacksOf(assembly: CloudAssembly): StackTemplate[] {
  return assembly.stacks.map((stack: CloudFormationStackArtifact) => {
    const [environment = ''] = stack.hierarchicalId.split('/');
    return {
      name: stack.hierarchicalId,
      environment: environment.toLowerCase(),
      terminationProtection: stack.terminationProtection === true,
      resources: stack.template.Resources,
    };
  });
}

/** A resource, and where it stands. */
export interface Placed extends Resource {
  readonly id: string;
  readonly stack: string;
}

/** The resources of one type, in the order of the template. */
export function ofType(stacks: readonly StackTemplate[], type: string): Placed[] {
  return stacks.flatMap(({ name, resources }) =>
    Object.entries(resources)
      .filter(([, resource]) => resource.Type === type)
      .map(([id, resource]) => ({ ...resource, id, stack: name })),
  );
}
