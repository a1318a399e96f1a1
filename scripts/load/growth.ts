import { leastSquares } from './least-squares.ts';
import type { MemorySample } from './steady.ts';

/** Share of the time at the start that is not judged: code is compiled and pools fill. */
const WARM_UP = 0.25;
/**
 * Memory does not grow where its line, made steeper by two standard errors of its slope, ends at most this much above
 * its start: in ten minutes at 5,000 rows a second that is a byte a row, of some 350 that each brings. It cannot be less,
 * since by chance the text of one batch, 1.4 of 24 MB, outlives its call and goes with a later one.
 */
export const MOST_GROWTH = 1.1;

/** How memory went after the start. */
export interface Growth {
  /** Of the least-squares line over the samples. */
  readonly bytesARow: number;
  /** Two standard errors of it. */
  readonly uncertainty: number;
  readonly megabytesAnHour: number;
  /** At the start and the end of the line [bytes]. */
  readonly from: number;
  readonly to: number;
  /** The end by the start, with the slope made steeper by its uncertainty. */
  readonly ratio: number;
  readonly samples: number;
  readonly verdict: 'no growth' | 'grows' | 'too short to tell';
}

/** The line of one figure of memory, once the first quarter of the time is over. */
export function growthOf(samples: readonly MemorySample[], what: 'heap' | 'rss'): Growth {
  const end = samples.at(-1)?.seconds ?? 0;
  const judged = samples.filter(({ seconds }) => seconds >= end * WARM_UP);
  const line = leastSquares(judged.map((sample) => ({ x: sample.rows, y: sample[what] })));
  const [first, last] = [judged[0], judged.at(-1)];
  if (first === undefined || last === undefined) throw new Error('no sample is left once the start is over');
  const from = line.at(first.rows);
  const uncertainty = 2 * line.slopeError;
  const ratioBy = (slope: number) => 1 + (slope * (last.rows - first.rows)) / from;
  const ratio = ratioBy(line.slope + uncertainty);
  const isSureToGrow = ratioBy(line.slope - uncertainty) > MOST_GROWTH;
  const rowsAnHour = ((last.rows - first.rows) / (last.seconds - first.seconds)) * 3600;
  return {
    bytesARow: line.slope,
    uncertainty,
    megabytesAnHour: (line.slope * rowsAnHour) / 1e6,
    from,
    to: line.at(last.rows),
    ratio,
    verdict: ratio <= MOST_GROWTH ? 'no growth' : isSureToGrow ? 'grows' : 'too short to tell',
    samples: judged.length,
  };
}
