import type { Engine } from '../engine.ts';

/** Whatever answers a SELECT part by part: the laptop's engine, a Trino, or Athena. */
export type QueryEngine = Pick<Engine, 'read' | 'close'>;

/** DuckDB's name of a type of Trino or Athena, which tells a writer how to lay a value out. */
export function answerType(type: string): string {
  const [bare = ''] = type.split('(');
  if (type.endsWith('with time zone')) return 'TIMESTAMP WITH TIME ZONE';
  if (bare === 'decimal') return type.toUpperCase();
  return TYPES[bare] ?? type.toUpperCase();
}

const TYPES: Readonly<Record<string, string>> = {
  char: 'VARCHAR',
  varchar: 'VARCHAR',
  string: 'VARCHAR',
  real: 'FLOAT',
  float: 'FLOAT',
  timestamp: 'TIMESTAMP',
};
