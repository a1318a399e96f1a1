import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Check, Finding } from '../../finding.ts';
import { runTool } from './run-tool.ts';
import { stackOfFile, withTemplateFiles } from './template-files.ts';

const PACKAGE = dirname(createRequire(import.meta.url).resolve('@cdklabs/cdk-validator-cfnguard/package.json'));

/** The program comes with the package; there is none for Windows. */
const SYSTEMS: Readonly<Record<string, string>> = { linux: 'ubuntu', darwin: 'macos' };
const MACHINES: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64' };

/** 19 where a rule is broken; 5 is a failure of its own. */
const FINE = [0, 19];

interface Report {
  /** File that was looked at. */
  readonly name: string;
  readonly not_compliant?: readonly { readonly Rule?: { readonly name: string } }[];
}

/** AWS Control Tower's proactive controls, as rules of CloudFormation Guard. */
export const controlTower: Check = {
  name: 'control-tower',
  run: (stacks) =>
    withTemplateFiles(stacks, async (files) => {
      const types = new Set(stacks.flatMap((it) => Object.values(it.template.Resources).map(({ Type }) => Type)));
      const rules = rulesFor(types).flatMap((path) => ['--rules', path]);
      if (rules.length === 0) return [];
      const data = files.flatMap(({ path }) => ['--data', path]);
      const output = ['--output-format', 'json', '--show-summary', 'none', '--structured'];
      const said = await runTool(guard(), ['validate', ...rules, ...data, ...output], FINE);
      const reports: readonly Report[] = JSON.parse(said);
      return reports.flatMap((report) => findingsOf(report, stackOfFile(files, report.name)));
    }),
};

/** Path of cfn-guard. Throws a sentence where there is none for this machine. */
export function guard(system: string = process.platform, machine: string = process.arch): string {
  const path = join(PACKAGE, 'bin', SYSTEMS[system] ?? '', MACHINES[machine] ?? '', 'cfn-guard');
  if (SYSTEMS[system] === undefined || MACHINES[machine] === undefined || !existsSync(path)) {
    throw new Error(`cfn-guard does not come for ${system} on ${machine}: run this on Linux or macOS, or in WSL`);
  }
  return path;
}

/** Files of rules but for those that speak of other types alone: three quarters of the time goes into reading them. */
export function rulesFor(types: ReadonlySet<string>): string[] {
  const folder = join(PACKAGE, 'rules', 'control-tower', 'cfn-guard');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.guard'))
    .map((name) => join(folder, name))
    .filter((path) => {
      const named = readFileSync(path, 'utf8').match(/AWS::\w+::\w+/g) ?? [];
      return named.length === 0 || named.some((type) => types.has(type));
    })
    .sort();
}

/** One finding for each rule and resource, however many of the rule's clauses it breaks. */
function findingsOf({ not_compliant = [] }: Report, stack: string): Finding[] {
  return not_compliant.flatMap(({ Rule }): Finding[] => {
    const { messages, resources } = gathered(Rule);
    const [said = ''] = messages;
    const [, control = Rule?.name ?? 'unnamed', message = said] = /\[(CT\.[^\]]+)\]:\s*([^\n]*)/.exec(said) ?? [];
    const found = { rule: `control-tower:${control}`, stack, message: message.trim() };
    return resources.size === 0 ? [found] : [...resources].map((resource) => ({ ...found, resource }));
  });
}

/** The report mirrors how a rule is written, so paths and messages stand at any depth. */
function gathered(rule: unknown): { messages: string[]; resources: Set<string> } {
  const messages: string[] = [];
  const resources = new Set<string>();
  JSON.stringify(rule, (key, value) => {
    if (key === 'custom_message' && typeof value === 'string' && value.includes('[CT.')) messages.push(value);
    const [, id] = (key === 'path' && typeof value === 'string' && /^\/Resources\/([^/]+)/.exec(value)) || [];
    if (id !== undefined) resources.add(id);
    return value;
  });
  return { messages, resources };
}
