import { ensurePython } from '../../../local/python.ts';
import type { AssemblyStack } from '../../assembly.ts';
import type { Check, Finding } from '../../finding.ts';
import { runTool } from './run-tool.ts';
import { stackOfFile, type TemplateFile, withTemplateFiles } from './template-files.ts';

interface Match {
  readonly Filename: string;
  readonly Message: string;
  readonly Rule: { readonly Id: string };
  readonly Location: { readonly Path?: readonly (string | number)[] | null };
}

const MAIN = 'import sys; from cfnlint.runner import main; sys.exit(main())';
/** 2 for errors, 4 for warnings, 8 for remarks, added up; 1 is a failure of its own. */
const FINE = [0, 2, 4, 6, 8, 10, 12, 14];

/** AWS's linter of templates: errors and warnings, for the regions of the stacks. */
export const cfnLint: Check = {
  name: 'cfn-lint',
  run: (stacks) =>
    withTemplateFiles(stacks, async (files) => {
      const python = ensurePython('proof/check/requirements.txt');
      const paths = files.map(({ path }) => path);
      const options = ['--format', 'json', '--regions', ...regionsOf(stacks)];
      const matches = JSON.parse(await runTool(python, ['-c', MAIN, ...options, '-t', ...paths], FINE));
      return matches.map((match: Match) => findingOf(match, files));
    }),
};

function regionsOf(stacks: readonly AssemblyStack[]): string[] {
  return [...new Set(stacks.map(({ region = 'us-east-1' }) => region))];
}

function findingOf({ Filename, Message, Rule, Location }: Match, files: readonly TemplateFile[]): Finding {
  const path = Location.Path ?? [];
  const message = path.length > 2 ? `${path.slice(2).join('.')}: ${Message}` : Message;
  return {
    rule: `cfn-lint:${Rule.Id}`,
    stack: stackOfFile(files, Filename),
    ...(path[0] === 'Resources' && typeof path[1] === 'string' && { resource: path[1] }),
    message,
  };
}
