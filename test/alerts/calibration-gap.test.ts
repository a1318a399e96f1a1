import { readFile } from 'node:fs/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { bindNow } from '../../core/alerts/bind-now.ts';
import { evaluateAlerts } from '../../core/alerts/evaluate-alerts.ts';
import { observationOf } from '../../core/alerts/read-rows.ts';
import type { AlertStates } from '../../core/alerts/types.ts';
import { alertsOf } from '../../datasets/alerts.ts';
import { installMacros } from '../../local/macros.ts';

const SQL = new URL('../../sql/bookings/alerts/calibration-gap.sql', import.meta.url);

test('a model that drifts from what happens is told of once, and once that it is well again', async () => {
  const set = alertsOf('bookings');
  const rule = set.rules.find(({ id }) => id === 'calibration-gap');
  if (rule === undefined) throw new Error('there is no such rule');
  const sql = await readFile(SQL, 'utf8');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    await installMacros(connection);
    await connection.run(
      'create table model_metrics (scored_date date, model_version varchar, basis varchar, decile int, bookings bigint, calibration_gap double)',
    );
    const told: string[] = [];
    let states: AlertStates = {};
    for (const [day, gap] of [0.01, 0.06, 0.07, 0.04, 0.02, 0.01].entries()) {
      const date = `2026-03-0${day + 1}`;
      await connection.run(
        `insert into model_metrics values
           ('${date}', 'v2', 'outcomes', null, 900, ${-gap}),
           ('${date}', 'v2', 'outcomes', 1, 90, 0.4),
           ('${date}', 'v2', 'training', null, 40000, 0.4),
           ('${date}', 'v1', 'outcomes', null, 10, 0.4)`,
      );
      const now = new Date(`${date}T12:00:00.000Z`);
      const [row] = (await connection.runAndReadAll(bindNow(sql, now))).getRowObjects();
      const seen = observationOf(rule, row);
      expect(seen).toEqual({ id: 'calibration-gap', value: gap, n: 900, period: `v2, ${date}` });
      const after = evaluateAlerts(set, states, [seen], now);
      states = after.states;
      told.push(...after.messages.map(({ id }) => `${date} ${id}`));
    }
    expect(told).toEqual([
      '2026-03-02 bookings/calibration-gap/1/raised',
      '2026-03-05 bookings/calibration-gap/1/cleared',
    ]);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
});
