import type { Fault, Proof } from './fault.ts';

const s3 = (test: string): Proof => ({ file: 'test/faults/s3-faults.test.ts', test });
const kill = (test: string): Proof => ({ file: 'test/faults/kill-windows.test.ts', test });
const sent = (test: string): Proof => ({ file: 'test/faults/send-records.test.ts', test });
const killedRun: Proof = { file: 'test/faults/kill-run.test.ts', test: 'a run that is killed at any of' };

/** Crashes, deliveries, storage and time: what machines do. */
export const machineFaults: readonly Fault[] = [
  {
    id: 'F1',
    title: 'killed before the data is written',
    injection: 'SIGKILL at random moments of a conversion, before its first data file',
    proofs: [kill('killed before its data is written'), killedRun],
  },
  {
    id: 'F2',
    title: 'killed between data and ledger',
    injection: 'SIGKILL at random moments after a data file and before the entry of the ledger',
    proofs: [kill('killed between data and ledger')],
  },
  {
    id: 'F3',
    title: 'killed after the ledger, before the answer',
    injection: 'SIGKILL at random moments after the entry, before the message is answered',
    proofs: [kill('killed after the ledger and before its answer')],
  },
  {
    id: 'F4',
    title: 'torn Parquet',
    injection: 'a delivered file cut at 20 lengths, with and without its footer',
    proofs: [
      { file: 'test/faults/values.test.ts', test: 'a Parquet file that is torn at any byte' },
      { file: 'test/register-events.test.ts', test: 'fails for a torn file' },
    ],
  },
  {
    id: 'F5',
    title: 'full disk',
    injection: 'a small tmpfs, or a limit on the size of a file, that fills up in each stage',
    proofs: [
      { file: 'test/faults/full-disk.test.ts', test: 'fails with a sentence on a disk of' },
      { file: 'test/faults/file-store.test.ts', test: 'fails with a sentence on a full disk' },
    ],
  },
  {
    id: 'F6',
    title: 'EIO and EMFILE',
    injection: 'a file that the system cannot read, and processes that may open 0 to 9 files more',
    proofs: [
      { file: 'test/faults/open-files.test.ts', test: 'no more files to open' },
      { file: 'test/faults/open-files.test.ts', test: 'the disk cannot be read' },
    ],
  },
  {
    id: 'F7',
    title: 'duplicate event',
    injection: 'one message five times: at once, twice in a batch, and again',
    proofs: [
      s3('a message that comes five times'),
      { file: 'test/register-events.test.ts', test: 'entered into the ledger once, however often' },
    ],
  },
  {
    id: 'F8',
    title: 'old event last',
    injection: 'messages of two versions of one key in the wrong order, and repeated',
    proofs: [s3('messages that come in another order than the objects were put')],
  },
  {
    id: 'F9',
    title: 'two writers race',
    injection: '409 and 412 from S3, two processes at one key, two conversions of one object',
    proofs: [
      s3('answers 409 to conditional puts'),
      { file: 'test/convert-events.test.ts', test: 'fails as a lost condition' },
      { file: 'test/faults/file-store.test.ts', test: 'of two processes that put the same keys at once', each: 100 },
      { file: 'test/convert-object.test.ts', test: 'of two conversions at once one entry stands' },
      { file: 'test/faults/lock.test.ts', test: 'of many processes that find the lock of a dead one', each: 3 },
    ],
  },
  {
    id: 'F10',
    title: '503 SlowDown',
    injection: 'one to four refusals of each request by a proxy between the SDK and an S3 server',
    proofs: [s3('answers by 503 SlowDown')],
  },
  {
    id: 'F11',
    title: '500 after the server committed',
    injection: 'the proxy lets the S3 server do a put and answers 500',
    proofs: [s3('answers by 500 has one effect')],
  },
  {
    id: 'F12',
    title: 'connection reset midway',
    injection: 'the proxy cuts answers after a random share of their bytes, and puts after their first bytes',
    proofs: [s3('a connection that breaks in the middle')],
  },
  {
    id: 'F13',
    title: 'slow S3 against a deadline',
    injection: 'the proxy answers a byte a second; the function is killed at its deadline',
    proofs: [s3('answers byte by byte is ended at its deadline')],
  },
  {
    id: 'F14',
    title: 'clock 15 minutes wrong',
    injection: 'clocks that jump by 15 minutes between batches and files; RequestTimeTooSkewed from S3',
    proofs: [
      s3('a clock that S3 finds 15 minutes wrong'),
      { file: 'test/faults/firehose-answers.test.ts', test: 'a clock that jumps by 15 minutes' },
      { file: 'test/faults/times.test.ts', test: 'a clock that goes back by 15 minutes' },
    ],
  },
  {
    id: 'F15',
    title: 'change of clocks, leap day, end of year',
    injection: 'files taken in at these instants on machines in five zones of time',
    proofs: [
      { file: 'test/faults/times.test.ts', test: 'lies in the folder of its day in UTC' },
      { file: 'test/engines/engine.test.ts', test: 'an instant is a timestamp in UTC' },
    ],
  },
  {
    id: 'F16',
    title: 'late data into a settled day',
    injection: 'newer and older rows of settled keys in later files',
    proofs: [
      { file: 'test/engines/curate.test.ts', test: 'a newer row of a key replaces the older one' },
      { file: 'test/engines/curate.test.ts', test: 'settled rows are those of a plain reading of the rules' },
    ],
  },
  {
    id: 'F17',
    title: 'PutRecordBatch takes a part',
    injection:
      'a proxy before a Firehose server refuses random shares of each call, throttles, or answers 500 after the effect',
    proofs: [
      sent('the refused records and no others are sent again'),
      sent('throttled, or answered by 500 or not at all'),
      sent('records are refused each time'),
    ],
  },
  {
    id: 'F18',
    title: 'a part of an SQS batch fails',
    injection: 'batches of good, refused, gone and failing objects',
    proofs: [
      s3('of several messages of a batch only the failed one'),
      { file: 'test/convert-events.test.ts', test: 'one that fails comes again, and the others are converted' },
    ],
  },
  {
    id: 'F19',
    title: 'dead letters redriven twice',
    injection: 'a message that failed three times, sent again twice',
    proofs: [s3('redriven twice it has one effect')],
  },
  {
    id: 'F20',
    title: 'an answer above 6 MB',
    injection: 'gzip records of up to 20,000 rows, 20,000 records, ids of 120 bytes',
    proofs: [
      { file: 'test/transform-events.test.ts', test: 'an answer never exceeds 6 MB', each: 5 },
      { file: 'test/transform-events.test.ts', test: 'rows for which the answer has no room' },
    ],
  },
  {
    id: 'F21',
    title: 'recordId missing or twice',
    injection: 'answers that lack, double or invent an id; events whose records share one',
    proofs: [
      { file: 'test/faults/firehose-answers.test.ts', test: 'lacks an id, has one twice' },
      { file: 'test/faults/firehose-answers.test.ts', test: 'records of a batch that bear the same id' },
    ],
  },
];
