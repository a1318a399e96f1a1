/** Files from Maven Central, as they were tested. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Archive {
  /** `group:name:version:type`. */
  readonly artifact: string;
  /** Name that Maven gives it. */
  readonly file: string;
  readonly sha256: string;
}

/** Puts a file into `folder`. Throws one sentence that says what to do where it cannot be had or is another one. */
export function fetchArchive({ artifact, file, sha256 }: Archive, folder: string): void {
  const copy = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy';
  try {
    execFileSync('mvn', ['-q', '-B', copy, `-Dartifact=${artifact}`, `-DoutputDirectory=${folder}`], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    const { stdout, message } = error as Error & { readonly stdout?: Buffer | null };
    const found = (`${stdout ?? ''}`.trim() || message).split('\n')[0];
    throw new Error(
      `${artifact} could not be fetched (${found}): install Maven and let it reach Maven Central, on Debian: apt-get install maven`,
    );
  }
  const digest = createHash('sha256')
    .update(readFileSync(join(folder, file)))
    .digest('hex');
  if (digest !== sha256)
    throw new Error(`${file} has the SHA-256 ${digest}, expected ${sha256}: remove it and try again`);
}
