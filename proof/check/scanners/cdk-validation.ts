import { existsSync, readFileSync } from 'node:fs';
import { App, CloudFormationValidatePlugin, type PolicyViolation } from 'aws-cdk-lib';
import type { AssemblyStack } from '../../assembly.ts';
import type { Check, Finding } from '../../finding.ts';
import { type TemplateFile, withTemplateFiles } from './template-files.ts';

/** Starting its engine takes seconds, so it serves every assembly of the process. */
const plugin = new CloudFormationValidatePlugin();

/**
 * What the CDK itself validates, made strict: its rules over the templates, which synthesis merely warns of, and the
 * warnings and errors that constructs left in the assembly.
 */
export const cdkValidation: Check = {
  name: 'cdk',
  run: (stacks) => withTemplateFiles(stacks, (files) => [...files.flatMap(ofRules), ...stacks.flatMap(ofConstructs)]),
};

function ofRules({ path, stack }: TemplateFile): Finding[] {
  const { violations } = plugin.validate({
    templatePaths: [path],
    stackTemplates: [
      { stackConstructPath: stack.name, templatePath: path, accountId: undefined, region: stack.region },
    ],
    appConstruct: new App({ analyticsReporting: false }),
  });
  return violations.flatMap(({ ruleName, description, violatingResources }: PolicyViolation) =>
    violatingResources.map(({ resourceLogicalId }) => ({
      rule: `cdk:${ruleName}`,
      stack: stack.name,
      ...(resourceLogicalId !== undefined && { resource: resourceLogicalId }),
      message: description,
    })),
  );
}

interface Note {
  readonly type: string;
  readonly data?: unknown;
}

/** Notes stand in a file beside the template, by construct. */
function ofConstructs({ name, templateFile }: AssemblyStack): Finding[] {
  const path = templateFile.replace(/\.template\.json$/, '.metadata.json');
  if (path === templateFile || !existsSync(path)) return [];
  const notes: Record<string, readonly Note[]> = JSON.parse(readFileSync(path, 'utf8'));
  return Object.entries(notes).flatMap(([place, ofPlace]) =>
    ofPlace
      .filter(({ type }) => type === 'aws:cdk:warning' || type === 'aws:cdk:error')
      .map(({ type, data }) => ({
        rule: `cdk:${type.split(':').at(-1)}`,
        stack: name,
        message: `${place.replace(/^\//, '')}: ${typeof data === 'string' ? data : JSON.stringify(data)}`,
      })),
  );
}
