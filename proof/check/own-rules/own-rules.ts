/** The rules of the lake itself, for what no scanner looks at. */
import type { AssemblyStack } from '../../assembly.ts';
import type { Check, Finding } from '../../finding.ts';
import { type Lake, lakesOf } from '../lake.ts';
import { alarmRules } from './alarm-rules.ts';
import { auditRules } from './audit-rules.ts';
import { crawlRules } from './crawl-rules.ts';
import { dashboardRules } from './dashboard-rules.ts';
import { functionRules } from './function-rules.ts';
import { stackRules } from './guard-rules.ts';
import { jobRules } from './job-rules.ts';
import { keyRules } from './key-rules.ts';
import { learningRules } from './learning-rules.ts';
import { messageRules } from './message-rules.ts';
import { policyRules } from './policy-rules.ts';
import { queryRules } from './query-rules.ts';
import { list, type Rule } from './rule.ts';
import { storageRules } from './storage-rules.ts';
import { streamRules } from './stream-rules.ts';

export const RULES: readonly Rule[] = [
  ...storageRules,
  ...keyRules,
  ...queryRules,
  ...streamRules,
  ...functionRules,
  ...messageRules,
  ...policyRules,
  ...jobRules,
  ...crawlRules,
  ...alarmRules,
  ...auditRules,
  ...learningRules,
  ...dashboardRules,
];

export const ownRules: Check = {
  name: 'laketwin',
  run: (stacks) => lakesOf(stacks).flatMap((lake) => [...ofResources(lake), ...ofStacks(lake)]),
};

function ofResources(lake: Lake): Finding[] {
  return lake.resources.flatMap((resource) =>
    RULES.filter(({ types }) => types.includes(resource.type)).flatMap(({ id, test }) =>
      list(test(resource, lake)).map((message) => ({
        rule: `laketwin:${id}`,
        stack: resource.stack.name,
        resource: resource.id,
        message: `${message}`,
      })),
    ),
  );
}

function ofStacks(lake: Lake): Finding[] {
  return lake.stacks.flatMap((stack: AssemblyStack) =>
    stackRules.flatMap(({ id, test }) => {
      const message = test(stack, lake);
      return message === undefined ? [] : [{ rule: `laketwin:${id}`, stack: stack.name, message }];
    }),
  );
}
