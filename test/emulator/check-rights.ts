import { equal } from './equal.ts';
import { type DeployedLake, ofType } from './lake.ts';
import type { Proved } from './report.ts';

/** Each function did its work by its own role, whose exact actions were enough. */
export async function checkRights(lake: DeployedLake): Promise<Proved> {
  const { allowed, denied } = lake.emulator.notes();
  const roles = ofType(lake, 'AWS::IAM::Role').map(({ physicalId }) => physicalId);
  const refusals = roles.flatMap((role) => (denied[role] ?? []).map((what) => `${role}: ${what}`));
  equal('actions that a role of the lake was refused', refusals, []);
  const used = roles.filter((role) => allowed[role] !== undefined);
  if (used.length === 0) throw new Error('no role of the lake did anything, expected those of the functions');
  const actions = new Set(used.flatMap((role) => allowed[role] ?? []));
  return {
    proved: 'what the functions did was allowed by their own roles, and nothing they asked for was refused',
    figures: { roles: used.length, actions: actions.size },
  };
}
