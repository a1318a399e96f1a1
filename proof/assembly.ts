/** Reads a cloud assembly, the directory that `cdk synth` writes, as plain templates: no CDK, no account. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Metadata?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
  readonly Condition?: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export interface Template {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Parameters?: Readonly<Record<string, unknown>>;
  readonly Outputs?: Readonly<Record<string, unknown>>;
  readonly Mappings?: Readonly<Record<string, unknown>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Rules?: Readonly<Record<string, unknown>>;
}

/** One stack of an assembly. */
export interface AssemblyStack {
  /** As `cdk deploy` takes it: `Prod/Storage`. */
  readonly name: string;
  /** First part of the name in lower case: `prod`. */
  readonly environment: string;
  /** Name in CloudFormation: `Prod-Storage`. */
  readonly stackName: string;
  readonly template: Template;
  readonly templateFile: string;
  /** Stacks of the same assembly that are deployed before it, by name. */
  readonly dependencies: readonly string[];
  readonly terminationProtection: boolean;
  /**
   * Where it is deployed.
   *
   * @default - wherever the deployer's own region is
   */
  readonly region?: string;
}

interface Artifact {
  readonly type: string;
  readonly environment?: string;
  readonly dependencies?: readonly string[];
  readonly displayName?: string;
  readonly properties?: {
    readonly templateFile?: string;
    readonly stackName?: string;
    readonly terminationProtection?: boolean;
    readonly directoryName?: string;
  };
}

/**
 * Every stack of the assembly in `directory` and of the assemblies within it, in their order of deployment within a
 * stage. Throws where the directory holds no assembly.
 */
export function readAssembly(directory: string): AssemblyStack[] {
  const manifest = join(directory, 'manifest.json');
  if (!existsSync(manifest)) {
    throw new Error(`${directory} holds no cloud assembly (no manifest.json), expected what cdk synth writes`);
  }
  const artifacts: Record<string, Artifact> = JSON.parse(readFileSync(manifest, 'utf8')).artifacts ?? {};
  const stacks = new Map(Object.entries(artifacts).filter(([, { type }]) => type === 'aws:cloudformation:stack'));
  const nested = Object.values(artifacts).filter(({ type }) => type === 'cdk:cloud-assembly');
  return [
    ...inOrder(stacks).map(([id, artifact]) => stackOf(directory, id, artifact, stacks)),
    ...nested.flatMap(({ properties }) => readAssembly(join(directory, properties?.directoryName ?? ''))),
  ];
}

function stackOf(directory: string, id: string, artifact: Artifact, stacks: Map<string, Artifact>): AssemblyStack {
  const { templateFile = '', stackName = id, terminationProtection = false } = artifact.properties ?? {};
  const name = artifact.displayName?.replace(/ \(.*\)$/, '') ?? id;
  const path = join(directory, templateFile);
  const [, region = 'unknown-region'] = artifact.environment?.replace(/^aws:\/\//, '').split('/') ?? [];
  return {
    name,
    environment: name.split('/')[0]?.toLowerCase() ?? '',
    stackName,
    template: JSON.parse(readFileSync(path, 'utf8')),
    templateFile: path,
    dependencies: (artifact.dependencies ?? []).flatMap((other) => {
      const found = stacks.get(other);
      return found === undefined ? [] : [found.displayName?.replace(/ \(.*\)$/, '') ?? other];
    }),
    terminationProtection,
    ...(region !== 'unknown-region' && { region }),
  };
}

function inOrder(stacks: Map<string, Artifact>): [string, Artifact][] {
  const ordered = new Map<string, Artifact>();
  const visit = (id: string) => {
    const artifact = stacks.get(id);
    if (artifact === undefined || ordered.has(id)) return;
    for (const other of artifact.dependencies ?? []) visit(other);
    ordered.set(id, artifact);
  };
  for (const id of stacks.keys()) visit(id);
  return [...ordered];
}

/** Where a resource stands in the code, `Prod/Storage/Raw/Resource`; its logical id where the template does not say. */
export function placeOf(stack: AssemblyStack, logicalId: string): string {
  const path = stack.template.Resources[logicalId]?.Metadata?.['aws:cdk:path'];
  return typeof path === 'string' ? path : `${stack.name}/${logicalId}`;
}
