import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';

const ROOT = fileURLToPath(new URL('../', import.meta.url));

/**
 * The code of `lambdas/<name>`, bundled by the script that the tests and the bench measure: what is deployed is what
 * was measured. `packages` are installed beside it, for Lambda's machine and not for the one that deploys.
 */
export function lambdaCode(name: string, packages: readonly string[]): Code {
  return Code.fromAsset(`${ROOT}lambdas/${name}`, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Never used: the local way below does not fail without saying why.
      image: DockerImage.fromRegistry('none'),
      local: {
        tryBundle(folder) {
          run(process.execPath, ['--import', 'tsx', `${ROOT}scripts/build-lambdas.ts`, name, folder]);
          if (packages.length > 0) install(packages, folder);
          return true;
        },
      },
    },
  });
}

function install(packages: readonly string[], folder: string): void {
  const { dependencies } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8'));
  const pinned = packages.map((name) => `${name}@${dependencies[name]}`);
  const machine = ['--os=linux', '--cpu=x64', '--libc=glibc'];
  run('npm', ['install', '--prefix', folder, ...machine, '--no-package-lock', '--no-save', '--silent', ...pinned]);
  // Says where packages came from, which is another place on another machine, and would be another hash.
  rmSync(`${folder}/node_modules/.package-lock.json`, { force: true });
}

function run(command: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(command, args, { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${stderr.trim()}`);
}
