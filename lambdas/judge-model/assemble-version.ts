/** Puts what passed the gate together to a version. */
import { type FeaturePlan, type FeatureRow, inputColumns } from '../../core/features/feature-plan.ts';
import { witnessRows } from '../../core/features/training-files.ts';
import type { ModelRegistry, VersionFiles } from '../../core/model/registry.ts';
import { filesOf, type TargetReport, VERSION_SCHEMA, type Version, type Witness } from '../../core/model/version.ts';
import type { JudgedTarget } from './judge-target.ts';

export interface Judgement {
  readonly plan: FeaturePlan;
  readonly registry: ModelRegistry;
  readonly rows: readonly FeatureRow[];
  readonly judged: ReadonlyMap<string, JudgedTarget>;
  readonly described: Pick<Version, 'data' | 'seed' | 'budget' | 'xgboost'>;
  readonly now: Date;
}

/** A version that is not published yet. */
export interface Draft {
  readonly record: Version;
  readonly files: VersionFiles;
}

/**
 * Nothing where the first target of the plan did not pass. Another target that was only no better than the champion's
 * keeps the champion's model; one that did not pass is left out.
 */
export async function assembleVersion(judgement: Judgement): Promise<Draft | undefined> {
  const { plan, registry, judged, described, now } = judgement;
  const main = judged.get(plan.targets[0]?.column ?? '');
  if (main === undefined || main.report.refusals.length > 0) return undefined;
  const files: Record<string, string> = {};
  const targets: Record<string, TargetReport> = {};
  for (const [target, { report }] of judged) {
    const kept = await keptFiles(registry, target, report);
    Object.assign(files, kept?.files ?? (report.refusals.length === 0 ? newFiles(judgement, target) : {}));
    targets[target] = kept === undefined ? report : { ...report, keptFrom: kept.version };
  }
  const record = await registry.draft(files, (version, checksums) => ({
    schema: VERSION_SCHEMA,
    version,
    dataset: plan.dataset.name,
    createdAt: now.toISOString(),
    ...described,
    targets,
    files: checksums,
  }));
  return { record, files };
}

function newFiles({ plan, rows, judged }: Judgement, target: string): VersionFiles {
  const judgement = judged.get(target);
  if (judgement === undefined) return {};
  const names = inputColumns(plan).map(({ name }) => name);
  const witness: Witness = {
    rows: Array.from(witnessRows(rows.length), (row) => Object.fromEntries(names.map((it) => [it, rows[row]?.[it]]))),
    probabilities: judgement.witness,
  };
  const { model, exam, witness: witnessFile } = filesOf(target);
  return {
    [model]: JSON.stringify(judgement.bundle),
    [exam]: JSON.stringify(judgement.examBundle),
    [witnessFile]: JSON.stringify(witness),
  };
}

async function keptFiles(registry: ModelRegistry, target: string, { refusals }: TargetReport) {
  const onlyNoBetter = refusals.length > 0 && refusals.every(({ name }) => name === 'no-better-than-champion');
  const champion = onlyNoBetter ? await registry.champion() : undefined;
  if (champion === undefined) return undefined;
  const record = await registry.record(champion.version);
  const files: Record<string, string> = {};
  for (const name of Object.values(filesOf(target))) files[name] = await registry.read(record, name);
  return { files, version: record.targets[target]?.keptFrom ?? record.version };
}
