import type { JudgedFault } from './judge-faults.ts';

const HEAD = ['fault', 'what is injected', 'injections', 'result'] as const;

/** The table for a terminal, and why faults failed. */
export function faultTable(judged: readonly JudgedFault[]): string {
  const rows = judged.map(({ fault, injections, verdict }) => [fault.id, fault.title, String(injections), verdict]);
  const widths = [0, 1, 2, 3].map((at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const reasons = judged.flatMap(({ fault, reasons: why }) => why.map((reason) => `${fault.id}: ${reason}`));
  return [...lines, '', ...reasons, summary(judged)].join('\n');
}

/** One sentence with the counts. */
export function summary(judged: readonly JudgedFault[]): string {
  const count = (verdict: JudgedFault['verdict']) => judged.filter((one) => one.verdict === verdict).length;
  return (
    `${count('survived')} of ${judged.length} faults survived, ${count('failed')} failed, ` +
    `${count('does not apply')} do not apply`
  );
}

/** The section of the README, by `npm run test:faults -- --page`. */
export function faultSection(judged: readonly JudgedFault[]): string {
  const rows = judged.map(({ fault, injections, verdict }) => [
    `${fault.id}: ${fault.title}`,
    fault.absent === undefined ? fault.injection : `${fault.absent}, which a test looks for`,
    verdict === 'does not apply' ? '–' : String(injections),
    verdict,
  ]);
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    'Each is injected for real: processes are killed, disks are full, a proxy between the AWS SDK and a server breaks',
    'connections. A fault is survived where no row is lost, none is doubled, no reader sees a part, somebody is told, and',
    'what is left after recovery is, byte for byte where it can be, what an undisturbed run leaves. What the product has',
    'no door for is named so, and not counted as survived.',
    '',
    '<details>',
    `<summary>${summary(judged)}</summary>`,
    '',
    line(HEAD),
    line(HEAD.map(() => '---')),
    ...rows.map(line),
    '',
    '</details>',
    '',
  ].join('\n');
}
