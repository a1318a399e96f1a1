import { App, type CfnResource, Stack } from 'aws-cdk-lib';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { AwsSolutionsChecks, NIST80053R5Checks, ServerlessChecks } from 'cdk-nag';
import type { Check, Finding } from '../../finding.ts';
import { type TemplateFile, withTemplateFiles } from './template-files.ts';

const PACKS = [AwsSolutionsChecks, NIST80053R5Checks, ServerlessChecks].map(
  (Pack) => new Pack(undefined, { verbose: true }),
);

/**
 * The rule packs of cdk-nag. They want constructs, so each template is read back into an app of its own; a rule that
 * falls over is a finding of its own, `<rule>/error`, which no acknowledgement of the rule covers.
 */
export const cdkNag: Check = {
  name: 'cdk-nag',
  run: (stacks) =>
    withTemplateFiles(stacks, (files) => {
      const app = new App({ analyticsReporting: false });
      return files.flatMap((file, index) => ofTemplate(app, file, index));
    }),
};

function ofTemplate(app: App, { path, stack }: TemplateFile, index: number): Finding[] {
  const included = include(app, path, index);
  if (included instanceof Error) {
    return [{ rule: 'cdk-nag:unreadable-template', stack: stack.name, message: included.message }];
  }
  return Object.keys(stack.template.Resources).flatMap((id) =>
    ofResource(included.getResource(id)).map((found) => ({ ...found, stack: stack.name, resource: id })),
  );
}

function include(app: App, templateFile: string, index: number): CfnInclude | Error {
  try {
    return new CfnInclude(new Stack(app, `Template${index}`), 'Included', { templateFile });
  } catch (error) {
    return error as Error;
  }
}

function ofResource(resource: CfnResource): Pick<Finding, 'rule' | 'message'>[] {
  return PACKS.flatMap((pack) =>
    pack.validateScope(resource).violations.map(({ ruleName, description }) => {
      const fell = description.startsWith('Rule threw an error');
      return { rule: `cdk-nag:${ruleName}${fell ? '/error' : ''}`, message: description };
    }),
  );
}
