import { paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { ZONES, type Zone } from '../../core/ports.ts';
import { type AssemblyStack, placeOf, readAssembly, type TemplateResource } from '../../proof/assembly.ts';
import { type Clients, clientsOf } from './clients.ts';
import type { Emulator } from './emulator.ts';

/** A resource of a template with the name that the deployment gave it. */
export interface DeployedResource {
  /** As in `Staging/Storage/Raw/Resource`. */
  readonly place: string;
  readonly physicalId: string;
  readonly template: TemplateResource;
}

/** The lake in the emulator. */
export interface DeployedLake {
  readonly emulator: Emulator;
  readonly clients: Clients;
  /** Folder of the cloud assembly. */
  readonly assembly: string;
  /** In their order of deployment. */
  readonly stacks: readonly AssemblyStack[];
  /** Empty before the deployment. */
  readonly resources: readonly DeployedResource[];
}

export async function readLake(emulator: Emulator, assembly: string): Promise<DeployedLake> {
  const clients = clientsOf(emulator.endpoint);
  const stacks = readAssembly(assembly);
  const resources = await Promise.all(stacks.map((stack) => deployedResources(clients, stack)));
  return { emulator, clients, assembly, stacks, resources: resources.flat() };
}

export function ofType({ resources }: DeployedLake, type: string): DeployedResource[] {
  return resources.filter(({ template }) => template.Type === type);
}

/** The one resource whose place ends so, such as `Storage/Raw/Resource`. */
export function resourceAt({ resources }: DeployedLake, end: string): DeployedResource {
  const found = resources.filter(({ place }) => place.endsWith(`/${end}`));
  if (found[0] === undefined || found.length > 1) {
    throw new Error(`${found.length} deployed resources are at '${end}', expected one`);
  }
  return found[0];
}

/** Names of the buckets of the zones. */
export function zoneBucketsOf(lake: DeployedLake): Record<Zone, string> {
  const bucket = (zone: Zone) => {
    const name = `${zone.slice(0, 1).toUpperCase()}${zone.slice(1)}`;
    return [zone, resourceAt(lake, `Storage/${name}/Resource`).physicalId] as const;
  };
  return Object.fromEntries(ZONES.map(bucket)) as Record<Zone, string>;
}

async function deployedResources({ cloudFormation }: Clients, stack: AssemblyStack): Promise<DeployedResource[]> {
  const found: DeployedResource[] = [];
  try {
    for await (const page of paginateListStackResources({ client: cloudFormation }, { StackName: stack.stackName })) {
      for (const { LogicalResourceId: id = '', PhysicalResourceId: physicalId = '' } of page.StackResourceSummaries ??
        []) {
        const template = stack.template.Resources[id];
        if (template !== undefined) found.push({ place: placeOf(stack, id), physicalId, template });
      }
    }
  } catch (error) {
    // Not deployed yet.
    if (!(error instanceof Error && error.name === 'ValidationError')) throw error;
  }
  return found;
}
