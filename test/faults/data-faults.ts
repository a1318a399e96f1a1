import type { Fault, Proof } from './fault.ts';

const badInput = (test: string): Proof => ({ file: 'test/end-to-end/bad-input.test.ts', test });
const refused = (name: string) => badInput(`refused as a whole, in a sentence, and the lake stays as it was ${name}`);
const dressed = (name: string) => badInput(`in another dress is taken in by stated rules ${name}`);
const badRow = (name: string) => badInput(`its neighbours are accepted ${name}`);
const framed = (test: string): Proof => ({ file: 'lambdas/convert/frame-source.test.ts', test });
const records = (test: string): Proof => ({ file: 'lambdas/convert/frame-records.test.ts', test });
const values = (test: string, each?: number): Proof => ({
  file: 'test/faults/values.test.ts',
  test,
  ...(each === undefined ? {} : { each }),
});

/** Bytes and values: what senders get wrong. */
export const dataFaults: readonly Fault[] = [
  {
    id: 'F22',
    title: 'gzip corrupt, with garbage behind, of several members',
    injection: 'gzip torn at any byte, with any byte changed, a wrong checksum, garbage or zeros behind, members',
    proofs: [
      refused('torn gzip'),
      refused('corrupt gzip'),
      refused('garbage behind gzip'),
      dressed('gzip of two members'),
      framed('several members are one file'),
      framed('fails when torn at any byte'),
      framed('fails or gives the same rows when any one byte is changed'),
      framed('fails on a damaged checksum'),
    ],
  },
  {
    id: 'F23',
    title: 'zip bomb',
    injection: 'gzip of 1000 to 1',
    proofs: [refused('a bomb'), framed('fails on a decompression bomb'), framed('fails beyond the limit of bytes')],
  },
  {
    id: 'F24',
    title: 'a line of 10 GB without an end',
    injection: 'a file of 10 GB whose last line has no end, read with the memory watched; gzip of a line of 1 GB',
    proofs: [values('GB without an end is one rejected row'), framed('a line of one GB is rejected in bounded memory')],
  },
  {
    id: 'F25',
    title: 'encodings and line ends',
    injection: 'BOM, UTF-16, Latin-1, CRLF, lone CR, bytes that are no UTF-8, NUL',
    proofs: [
      dressed('UTF-8 with BOM'),
      dressed('UTF-16 LE with BOM'),
      dressed('UTF-16 BE with BOM'),
      dressed('Latin-1'),
      dressed('CRLF'),
      dressed('lone CR'),
      badRow('a NUL byte'),
      records('a line that is not UTF-8 is rejected alone'),
      framed('a lone surrogate of UTF-16'),
    ],
  },
  {
    id: 'F26',
    title: 'quotes, line breaks in them, ragged rows, doubled headings',
    injection: 'an open quote, a quoted line break, a cell too few or too many, a heading twice',
    proofs: [
      badRow('an open quote'),
      badRow('a cell too few'),
      badRow('a cell too many'),
      refused('a column twice'),
      records('a line break within quotes becomes one record'),
      records('an unterminated quote swallows no row'),
    ],
  },
  {
    id: 'F27',
    title: 'numbers at their edges',
    injection: '2^53+1, 1e309, NaN, infinity, -0, decimal comma, 30 digits, in cells and in JSON of two readers',
    proofs: [
      badRow('NaN'),
      badRow('a number beyond every double'),
      badRow('a number beyond 2^53'),
      { file: 'core/etl/clean-row.test.ts', test: 'is no decimal comma and stays' },
      { file: 'test/convert-object.test.ts', test: 'numbers of more digits than JavaScript holds' },
      { file: 'test/transform-events.test.ts', test: 'every row is answered, kept or rejected', each: 500 },
    ],
  },
  {
    id: 'F28',
    title: 'unknown value, new, dropped or changed column',
    injection: 'an unknown channel, an extra column, columns that are missing, swapped or of another type',
    proofs: [
      badRow('an unknown channel'),
      badInput('an unknown column is left out with a word'),
      refused('a missing column'),
      refused('other columns'),
      { file: 'test/end-to-end/poisoned-file.test.ts', test: '' },
    ],
  },
  {
    id: 'F29',
    title: 'keys that look alike',
    injection: 'NFC and NFD, Cyrillic, full width, zero width, a BOM and a soft hyphen in keys and customers',
    proofs: [
      values('keys that look alike are different keys or none'),
      values('a customer written in two forms of Unicode'),
      { file: 'core/etl/pseudonym.test.ts', test: 'the Unicode form do not change a pseudonym' },
    ],
  },
  {
    id: 'F30',
    title: '__proto__ and JSON 10,000 deep',
    injection: 'rows with keys that JavaScript gives a meaning to, and rows nested 10,000 to 200,000 deep',
    proofs: [
      badInput('JSON keys that JavaScript gives a meaning to'),
      values('JSON nested 10,000 deep'),
      { file: 'core/etl/decode-record.test.ts', test: 'deep nesting and long strings of brackets', each: 6 },
    ],
  },
];
