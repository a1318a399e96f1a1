/** The cloud assembly of this repository's own app. */
import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { type Environment, proven } from '../lib/environments.ts';
import { LakeStage } from '../lib/lake-stage.ts';

/**
 * Writes every stack of the chosen environments, of all by default, into `directory`, as `cdk synth` does but without bundling the functions:
 * their code is no part of a template. CDK's own validation is left to the gate, so that it reports in one place.
 */
export function synthesiseOwn(directory: string, chosen: readonly Environment[] = proven): void {
  const { context } = JSON.parse(readFileSync(new URL('../cdk.json', import.meta.url), 'utf8'));
  const app = new App({
    analyticsReporting: false,
    outdir: directory,
    context: {
      ...context,
      'aws:cdk:bundling-stacks': [],
      'aws:cdk:enable-path-metadata': true,
      '@aws-cdk/core:failSynthOnValidationErrors': false,
    },
  });
  for (const environment of chosen) {
    const id = `${environment.name.slice(0, 1).toUpperCase()}${environment.name.slice(1)}`;
    new LakeStage(app, id, environment);
  }
  app.synth();
}
