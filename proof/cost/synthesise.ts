import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../../lib/environments.ts';
import { type AssemblyStack, readAssembly } from '../assembly.ts';

/** The stacks of one environment as they would be deployed, without bundled code; leaves no file behind. */
export async function synthesise(environment: Environment): Promise<AssemblyStack[]> {
  const [{ App }, { LakeStage }] = await Promise.all([import('aws-cdk-lib'), import('../../lib/lake-stage.ts')]);
  const { context } = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'));
  const outdir = mkdtempSync(join(tmpdir(), 'laketwin-cost-'));
  try {
    const app = new App({ analyticsReporting: false, outdir, context: { ...context, 'aws:cdk:bundling-stacks': [] } });
    new LakeStage(app, `${environment.name.slice(0, 1).toUpperCase()}${environment.name.slice(1)}`, environment);
    app.synth();
    return readAssembly(outdir);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
