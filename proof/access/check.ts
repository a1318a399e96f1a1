import { PEOPLE } from '../../lib/stacks/access-stack.ts';
import type { AssemblyStack } from '../assembly.ts';
import type { Check, Finding } from '../finding.ts';
import { compareMatrix, type Difference } from './compare.ts';
import { declaredPlaces, declaredRights } from './declaration.ts';
import { constructPath } from './lake-policies.ts';
import { accessMatrix } from './matrix.ts';

/** Who may do what, cell by cell as declared: one finding for each resource that has cells which differ. */
export const access: Check = {
  name: 'access',
  run(stacks) {
    const environments = [...new Set(stacks.map(({ environment }) => environment))];
    const lakes = environments.map((name) => stacks.filter(({ environment }) => environment === name));
    const ours = lakes.filter((own) => missingPeople(own).length === 0);
    const rights = declaredRights();
    const { differences } = compareMatrix(accessMatrix(ours.flat(), declaredPlaces(rights)), rights);
    return [...lakes.flatMap(withoutPeople), ...grouped(differences, ours.flat())];
  },
};

/** Nothing can be said of a lake whose people are not there: it is no lake of this repository, or they were renamed. */
function withoutPeople(own: readonly AssemblyStack[]): Finding[] {
  const missing = missingPeople(own);
  const [first] = own;
  if (missing.length === 0 || first === undefined) return [];
  const message = `no role ${missing.join(', ')}, expected the people's roles: who may do what is not proven here`;
  return [{ rule: 'access:people', stack: first.name, message }];
}

function missingPeople(own: readonly AssemblyStack[]): string[] {
  const roles = own.flatMap((stack) =>
    Object.entries(stack.template.Resources).flatMap(([logicalId, { Type }]) =>
      Type === 'AWS::IAM::Role' ? [constructPath(stack, logicalId)] : [],
    ),
  );
  return Object.keys(PEOPLE)
    .map((name) => `Access/${name}`)
    .filter((path) => !roles.includes(path));
}

/** Cells in one message: the rest is counted, and `npm run infra:access` lists them all. */
const SHOWN = 3;

function grouped(differences: readonly Difference[], stacks: readonly AssemblyStack[]): Finding[] {
  const groups = new Map<string, Difference[]>();
  for (const difference of differences) {
    const { stack, logicalId } = difference.at;
    const key = JSON.stringify([difference.environment, stack, logicalId]);
    groups.set(key, [...(groups.get(key) ?? []), difference]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { stack, logicalId } = first.at;
    const known = stacks.find(({ name }) => name === stack)?.template.Resources[logicalId] !== undefined;
    const more = group.length > SHOWN ? [`and ${group.length - SHOWN} cells more`] : [];
    const message = [...group.slice(0, SHOWN).map((it) => it.message), ...more].join('; ');
    return [{ rule: 'access:cell', stack, ...(known && { resource: logicalId }), message }];
  });
}
