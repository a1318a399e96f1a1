/** Runs the training script on this machine as SageMaker runs it: a channel in, a model folder out. */
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TrainingFile } from '../../core/features/training-files.ts';
import type { Training } from '../../lambdas/judge-model/training-output.ts';
import { ensurePython } from '../python.ts';

const SCRIPT = fileURLToPath(new URL('../../ml/train.py', import.meta.url));
const run = promisify(execFile);

export type Budget = 'full' | 'reduced';

export async function writeTrainingFile(channel: string, { name, body }: TrainingFile): Promise<void> {
  const path = join(channel, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, body);
}

/** Throws the last line that the script said where it fails. */
export async function runTraining(training: Training, seed: number, budget: Budget): Promise<void> {
  const python = ensurePython('ml/requirements.txt');
  const env = {
    ...process.env,
    SM_CHANNEL_TRAIN: training.channel,
    SM_MODEL_DIR: training.output,
    OMP_NUM_THREADS: '1',
  };
  await mkdir(training.output, { recursive: true });
  await run(python, [SCRIPT, '--seed', String(seed), '--budget', budget], { env, maxBuffer: 1 << 26 }).catch(
    (error: { stderr?: string; message: string }) => {
      throw new Error(`the training failed: ${(error.stderr?.trim() || error.message).split('\n').at(-1)}`);
    },
  );
}
