/** What `bi doctor` says of one thing that dashboards need. */
export interface BiFinding {
  readonly part: string;
  readonly state: 'ok' | 'missing';
  readonly found: string;
  /** The next step, a sentence; empty where all is well. */
  readonly advice: string;
}

export function ok(part: string, found: string): BiFinding {
  return { part, state: 'ok', found, advice: '' };
}

export function missing(part: string, found: string, advice: string): BiFinding {
  return { part, state: 'missing', found, advice };
}

/** Where AWS is asked; the SDK's own ways where nothing is given. */
export interface Access {
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** What AWS answered instead of an answer. */
export interface Refusal {
  readonly name: string;
  readonly message: string;
}

export function refusalOf(error: unknown): Refusal {
  return error instanceof Error ? { name: error.name, message: error.message } : { name: '', message: String(error) };
}

/** The finding for whoever may not look. */
export function forbidden(part: string, action: string): BiFinding {
  return missing(part, `you may not ask: ${action} is denied`, `have an administrator allow you ${action}`);
}
