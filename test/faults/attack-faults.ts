import type { Fault, Proof } from './fault.ts';

const engine = (test: string): Proof => ({ file: 'test/engines/engine.test.ts', test });
const absent = (test: string): Proof => ({ file: 'test/faults/absent-doors.test.ts', test });
const api = (test: string, each?: number): Proof => ({
  file: 'test/faults/api-attacks.test.ts',
  test,
  ...(each === undefined ? {} : { each }),
});
const workbook = (test: string): Proof => ({ file: 'test/faults/workbook-attacks.test.ts', test });
const gate = (test: string): Proof => ({ file: 'core/model/gate.test.ts', test });

/** Attacks, and what goes wrong around the lake. */
export const attackFaults: readonly Fault[] = [
  {
    id: 'F31',
    title: 'hostile keys',
    injection: '../, %2e%2e, leading /, NUL, plus and space, 1,024 bytes, quotes, in keys, events and file names',
    proofs: [
      { file: 'test/faults/values.test.ts', test: 'keys of hostile names' },
      { file: 'test/end-to-end/bad-input.test.ts', test: 'is taken in, and nothing is written outside the lake' },
      { file: 'local/object-path.test.ts', test: '' },
      { file: 'test/convert-events.test.ts', test: 'whose name has spaces, pluses and accents' },
    ],
  },
  {
    id: 'F32',
    title: 'SQL injection',
    injection: 'SQL in parameters, in names of queries and in statements that do more than read',
    proofs: [
      engine('a value of a parameter is never part of the SQL'),
      engine('a colon in a text or a comment is no parameter'),
      engine('fails on '),
      { file: 'test/engines/query-command.test.ts', test: 'fails with status 2 on a name that no query has' },
    ],
  },
  {
    id: 'F33',
    title: 'formulas in CSV and Excel',
    injection: 'cells that begin with = + - @, tab and CR, written as CSV and as a sheet',
    proofs: [
      { file: 'local/query-formats.test.ts', test: 'disarms what a spreadsheet would run' },
      { file: 'local/query-formats.test.ts', test: 'a sheet holds text as text' },
    ],
  },
  {
    id: 'F34',
    title: 'XXE, billion laughs and zip slip in xlsx',
    injection:
      'document types, entities, names, relations, bombs, overlaps, wrong lengths and checksums, links, odd rows and cells',
    proofs: [
      workbook('is read, asked or expanded'),
      workbook('fails on names of parts that lead outside'),
      workbook('fails on relations that lead outside'),
      workbook('fails on a zip with'),
      workbook('fails on a sheet with'),
      workbook('a workbook that is damaged anywhere'),
      { file: 'test/end-to-end/bad-input.test.ts', test: 'the lake stays as it was a zip' },
      { file: 'test/end-to-end/spreadsheets.test.ts', test: 'in the Lambda as on the laptop' },
    ],
  },
  {
    id: 'F35',
    title: 'SSRF by an address that was given',
    injection:
      'addresses, names, answers of resolvers and redirections that lead the webhook and a pull to this machine and to metadata',
    proofs: [
      { file: 'test/faults/webhook-attacks.test.ts', test: 'nothing inside is reached' },
      { file: 'test/faults/webhook-attacks.test.ts', test: 'a name that' },
      { file: 'test/faults/webhook-attacks.test.ts', test: 'is not followed', each: 3 },
      api('an address that leads inside'),
      api('a name that leads'),
      api('is not followed', 4),
      api('said to be at another place'),
      api('with --allow-loopback'),
      absent('addresses are fetched'),
      engine('fails on '),
    ],
  },
  {
    id: 'F36',
    title: 'secrets and personal values in logs and errors',
    injection: 'a canary as customer in good, bad and refused files, looked for in all output and in what is stored',
    proofs: [
      { file: 'test/faults/canary.test.ts', test: 'no command prints a personal value' },
      { file: 'test/faults/canary.test.ts', test: 'an erasure is told the person by no argument' },
      { file: 'test/transform-events.test.ts', test: 'no customer id leaves the transform as it came', each: 5 },
      { file: 'test/convert-events.test.ts', test: 'fails without a word of the secret' },
      { file: 'core/etl/pseudonym.test.ts', test: 'the secret shows in no printed form' },
    ],
  },
  {
    id: 'F37',
    title: '429, page tokens and drift of an API',
    injection:
      'waits, errors, broken and endless answers, circles of pages, moved lists, lost, renamed and new columns, kills',
    proofs: [
      api('may go well another time'),
      api('is kept to'),
      api('fails at once where the API asks to wait'),
      api('fails after as many attempts'),
      api('fails when the time of the pull is over'),
      api('fails at once on'),
      api('go in circles'),
      api('fails on more pages, bytes or answers'),
      api('fails on an API that has changed'),
      api('rejected row by row'),
      api('the same records again change nothing'),
      api('a pull that is killed'),
    ],
  },
  {
    id: 'F38',
    title: 'KMS refuses or throttles midway',
    injection: 'a proxy answers reads, data and ledger puts by AccessDenied, disabled key and throttling',
    proofs: [{ file: 'test/faults/s3-faults.test.ts', test: 'a key that KMS refuses or throttles' }],
  },
  {
    id: 'F39',
    title: 'a query that asks for too much',
    injection: 'an endless query against its limit of time; the scan limit of each workgroup as it is deployed',
    proofs: [
      engine('a query that takes too long is stopped'),
      { file: 'test/infra/promises.test.ts', test: 'every workgroup enforces its scan limit' },
    ],
  },
  {
    id: 'F40',
    title: 'an erasure that dies midway',
    injection:
      'SIGKILL at random moments of an erasure and behind its effects on the files; a run and an erasure during one',
    proofs: [
      { file: 'test/faults/kill-erasure.test.ts', test: 'an erasure that is killed at any moment' },
      { file: 'test/faults/kill-erasure.test.ts', test: 'fails to run while a person is being erased' },
      { file: 'test/faults/erasure.test.ts', test: 'nothing of an erased person is left' },
      { file: 'test/faults/erasure.test.ts', test: 'what is left is what was there less the rows of the person' },
      { file: 'test/faults/erase-workbook.test.ts', test: 'a person is erased from a workbook' },
    ],
  },
  {
    id: 'F41',
    title: 'a crawler infers the wrong type',
    injection: 'crawled tables with other types, too many and too few columns, folders that no contract knows',
    proofs: [{ file: 'test/compare-catalog.test.ts', test: 'told of' }],
  },
  {
    id: 'F42',
    title: 'a model trained on a leaked column',
    injection: 'features that are the target in disguise, duplicates across the split, encodings that saw the label',
    proofs: [gate('fails the target in disguise'), gate('fails duplicates across the split'), gate('fails encodings')],
  },
];
