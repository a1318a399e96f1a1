import type { AssemblyStack } from './assembly.ts';

/** What a check of the infrastructure has to say against a resource. */
export interface Finding {
  /** `<check>:<rule of that check>`: `cdk-nag:AwsSolutions-S1`, `checkov:CKV_AWS_117`, `laketwin:athena-scan-cap`. */
  readonly rule: string;
  /** As in `Prod/Storage`. */
  readonly stack: string;
  /** Logical id in that stack's template; none where the finding is about the stack as a whole. */
  readonly resource?: string;
  /** What was found and what would be right: lower case, no full stop. */
  readonly message: string;
}

/** One thing that looks over an assembly. */
export interface Check {
  /** First part of the rule of its findings. */
  readonly name: string;
  /** Findings over all stacks of an assembly. Throws where the check itself could not run: that is never "no finding". */
  run(stacks: readonly AssemblyStack[]): Promise<Finding[]> | Finding[];
}
