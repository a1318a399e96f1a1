import * as z from 'zod';

/** Names of fields, one within the other, with points between them: `data.items`; empty for the whole answer. */
const path = z
  .string()
  .regex(/^([^.\s]+(\.[^.\s]+)*)?$/, 'expected names with points between them, such as data.items');
const parameter = z.string().min(1).max(100);

/** An API that gives records of one dataset, page by page, as JSON. */
const apiSource = z.strictObject({
  /** Of the first page, with its parameters. */
  address: z.string(),
  /** Where the list of records is in an answer. */
  records: path.default(''),
  /** How the next page is found. */
  next: z
    .discriminatedUnion('by', [
      /** All records come at once. */
      z.strictObject({ by: z.literal('nothing') }),
      /** The header `Link` with `rel="next"` (RFC 8288). */
      z.strictObject({ by: z.literal('link') }),
      /** The answer holds the address of the next page; missing, null or empty on the last. */
      z.strictObject({ by: z.literal('address'), field: path }),
      /** The answer holds a token for a parameter of the address; missing, null or empty on the last. */
      z.strictObject({ by: z.literal('token'), field: path, parameter }),
      /** Pages have numbers; the first without records is the end. */
      z.strictObject({ by: z.literal('number'), parameter, first: z.int().min(0).default(1) }),
    ])
    .default({ by: 'nothing' }),
  /** The secret itself never stands here: it is the value of a variable of the environment. */
  authorization: z
    .strictObject({
      variable: z
        .string()
        .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'expected the name of an environment variable, not its value'),
      header: z
        .string()
        .regex(/^[A-Za-z0-9-]{1,60}$/)
        .default('authorization'),
      /** What stands before the value. */
      scheme: z.string().max(20).default('Bearer'),
    })
    .optional(),
  limits: z
    .strictObject({
      pages: z.int().min(1).max(1_000_000).default(10_000),
      /** Of all answers. */
      megabytes: z.int().min(1).max(10_000).default(1_000),
      /** For the whole pull. */
      seconds: z.int().min(1).max(86_400).default(3_600),
      /** Longest wait that the API may ask for at once. */
      waitSeconds: z.int().min(0).max(3_600).default(120),
      /** Attempts at a page. */
      tries: z.int().min(1).max(20).default(6),
    })
    .prefault({}),
});

export type ApiSource = z.infer<typeof apiSource>;

/** Reads a declaration. Throws one sentence that names the field that is wrong. */
export function readApiSource(text: string): ApiSource {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Error('the declaration of the source is no JSON');
  }
  const read = apiSource.safeParse(json);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const field = issue?.path.join('.') || 'the declaration';
  throw new Error(`the declaration of the source is wrong at '${field}': ${issue?.message.toLowerCase()}`);
}
