import type { TemplateDiff } from '@aws-cdk/cloudformation-diff';

type IamChanges = TemplateDiff['iamChanges'];

/** A right that a change gives, or takes away. */
export interface RightChange {
  readonly kind: 'opens' | 'closes';
  /** Who, in words. */
  readonly who: string;
  readonly text: string;
}

type Statement = IamChanges['statements']['additions'][number];

/** One action of one resource: statements are cut into these, so that a longer list of actions says only what is new. */
interface Right {
  readonly isAllowed: boolean;
  readonly who: string;
  readonly action: string;
  readonly resource: string;
  readonly condition: string;
}

/** Rights by who has them and over what, for statements that one side has and the other has not. */
export function compareRights({ statements }: IamChanges, environment: string): RightChange[] {
  const rightsOf = (all: readonly Statement[]) =>
    new Map(all.flatMap((it) => cut(it, environment)).map((right) => [JSON.stringify(right), right]));
  const [before, after] = [rightsOf(statements.removals), rightsOf(statements.additions)];
  const added = [...after].filter(([key]) => !before.has(key)).map(([, right]) => right);
  const removed = [...before].filter(([key]) => !after.has(key)).map(([, right]) => right);
  return [
    ...grouped(added).map((rights) => sentence(rights, true)),
    ...grouped(removed).map((rights) => sentence(rights, false)),
  ];
}

function cut(statement: Statement, environment: string): Right[] {
  const { resource, action, principal, condition } = statement.render();
  const split = (text: string) => text.split('\n').map((part) => inWords(part, environment));
  return split(principal).flatMap((who) =>
    split(action).flatMap((one) =>
      split(resource).map((other) => ({
        isAllowed: !statement.isNegativeStatement,
        who,
        action: one,
        resource: other,
        condition: inWords(condition.replace(/\s+/g, ' '), environment),
      })),
    ),
  );
}

/** Rights that differ in their action alone. */
function grouped(rights: readonly Right[]): Right[][] {
  const groups = new Map<string, Right[]>();
  for (const right of rights) {
    const key = JSON.stringify([right.isAllowed, right.who, right.resource, right.condition]);
    groups.set(key, [...(groups.get(key) ?? []), right]);
  }
  return [...groups.values()];
}

function sentence(rights: readonly Right[], isNew: boolean): RightChange {
  const [first] = rights;
  if (first === undefined) throw new Error('a group of rights has at least one');
  const { isAllowed, who, resource, condition } = first;
  const actions = rights.map(({ action }) => action).sort();
  const verb = isAllowed ? (isNew ? 'may' : 'may no longer') : isNew ? 'may not' : 'is no longer refused';
  const when = condition === '' ? '' : ` where ${condition}`;
  return {
    kind: isAllowed === isNew ? 'opens' : 'closes',
    who,
    text: `${verb} ${actions.join(', ')} on ${resource}${when}`,
  };
}

const IMPORT = /\{"Fn::ImportValue":"\w+-(\w+):ExportsOutput(?:FnGetAtt|Ref)(\w+?)[0-9A-F]{8}(?:Arn)?[0-9A-F]{8}"\}/g;

/** References as the names of constructs, and what differs from one environment to the other left out. */
export function inWords(text: string, environment: string): string {
  return text
    .replace(IMPORT, '$1/$2')
    .replace(/\$\{(\w+?)[0-9A-F]{8}(?:\.Arn)?\}/g, '$1')
    .replace(/\$\{AWS::AccountId\}/g, 'ACCOUNT')
    .replace(/^AWS:/, '')
    .replaceAll(new RegExp(`(laketwin[-_/])${environment}(?![a-z0-9])`, 'g'), '$1ENV');
}
