import { ensurePython } from '../../../local/python.ts';
import type { Check, Finding } from '../../finding.ts';
import { runTool } from './run-tool.ts';
import { stackOfFile, withTemplateFiles } from './template-files.ts';

interface Failed {
  readonly check_id: string;
  readonly check_name: string;
  readonly file_path: string;
  /** `AWS::S3::Bucket.Raw72517081`. */
  readonly resource: string;
}

interface Report {
  readonly summary?: { readonly parsing_errors: number; readonly resource_count: number };
  readonly results?: { readonly failed_checks: readonly Failed[]; readonly parsing_errors?: readonly string[] };
}

const MAIN = ['-m', 'checkov.main', '--framework', 'cloudformation', '-o', 'json', '--quiet', '--compact'];

/** checkov's rules for CloudFormation, without its service: nothing leaves the machine. */
export const checkov: Check = {
  name: 'checkov',
  run: (stacks) =>
    withTemplateFiles(stacks, async (files, directory) => {
      const python = ensurePython('proof/check/requirements.txt');
      const said = await runTool(python, [...MAIN, '--skip-download', '-d', directory], [0, 1]);
      const { summary, results }: Report = JSON.parse(said);
      const unread = results?.parsing_errors ?? [];
      if (summary === undefined || results === undefined || summary.resource_count === 0) {
        throw new Error('it looked at no resource, expected those of the templates');
      }
      if (summary.parsing_errors > 0) throw new Error(`it could not read ${unread.join(', ') || 'a template'}`);
      return results.failed_checks.map((failed): Finding => {
        const { check_id, check_name, file_path, resource } = failed;
        const logicalId = resource.split('.').at(1);
        return {
          rule: `checkov:${check_id}`,
          stack: stackOfFile(files, file_path),
          ...(logicalId !== undefined && { resource: logicalId }),
          message: check_name,
        };
      });
    }),
};
