import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inDependencyOrder, namedQuery, readChecks } from './sql-library.ts';

test('a query tells its title, its question and its parameters', () => {
  const sql =
    '-- title: One\n-- question: Which?\n-- param: least int = 100 | Fewest\n-- report: 2\nselect :least as a\n';
  expect(namedQuery({ name: 'one', sql })).toEqual({
    name: 'one',
    sql,
    title: 'One',
    question: 'Which?',
    parameters: [{ name: 'least', type: 'int', byDefault: '100', description: 'Fewest' }],
    report: 2,
  });
});

test('fails on a query without a title, naming the file', () => {
  expect(() => namedQuery({ name: 'one', sql: 'select 1' })).toThrow(
    "one.sql says no title: begin it with '-- title: …'",
  );
});

test('fails on a parameter of no known type', () => {
  const sql = '-- title: a\n-- question: b\n-- param: c colour = red | d\nselect :c';
  expect(() => namedQuery({ name: 'one', sql })).toThrow(/found param 'c colour = red \| d', expected/);
});

test('fails on a parameter that is declared and not used, or used and not declared', () => {
  const head = '-- title: a\n-- question: b\n';
  expect(() => namedQuery({ name: 'one', sql: `${head}-- param: c int = 1 | d\nselect 1` })).toThrow(
    'one.sql declares the parameters [c] and uses [], expected the same',
  );
  expect(() => namedQuery({ name: 'one', sql: `${head}select :c` })).toThrow(
    /declares the parameters \[\] and uses \[c\]/,
  );
});

test('fails on a default that is not of its type', () => {
  const sql = '-- title: a\n-- question: b\n-- param: c int = many | d\nselect :c';
  expect(() => namedQuery({ name: 'one', sql })).toThrow("the parameter 'c' is 'many', expected a whole number");
});

test('fails on a check of no known level', async () => {
  const root = await mkdtemp(join(tmpdir(), 'laketwin-sql-'));
  await mkdir(join(root, 'd', 'checks'), { recursive: true });
  await writeFile(join(root, 'd', 'checks', 'a.sql'), '-- level: fatal\n-- check: b\nselect 1');
  await expect(readChecks(root, 'd')).rejects.toThrow("a.sql has the level 'fatal', expected error or warning");
  await rm(root, { recursive: true });
});

test('views stand behind those that they read', () => {
  const views = [
    { name: 'a', sql: '-- reads c\nselect x from b' },
    { name: 'b', sql: 'select x from c' },
    { name: 'c', sql: "select 'a' as x from bookings" },
  ];
  expect(inDependencyOrder(views).map(({ name }) => name)).toEqual(['c', 'b', 'a']);
});

test('fails on views that read one another in a circle, naming them', () => {
  const views = [
    { name: 'a', sql: 'select x from b' },
    { name: 'b', sql: 'select x from a' },
  ];
  expect(() => inDependencyOrder(views)).toThrow('the views a, b need one another in a circle');
});
