import { expect, test } from 'vitest';
import { businessInvoices } from '../../test/fixtures/business-invoices.ts';
import { quicksightColumns } from './quicksight-columns.ts';

test('money is a fixed decimal, an instant and a day are dates', () => {
  const types = quicksightColumns(businessInvoices).map(({ name, type, subType }) =>
    [name, type, subType].join(' ').trim(),
  );
  expect(types).toMatchInlineSnapshot(`
    [
      "invoice_id INTEGER",
      "line_number INTEGER",
      "invoiced_on DATETIME",
      "changed_at DATETIME",
      "unit_price DECIMAL FIXED",
      "total DECIMAL FIXED",
      "quantity INTEGER",
      "is_paid BOOLEAN",
      "ingested_at DATETIME",
      "source STRING",
      "source_checksum STRING",
      "source_line INTEGER",
    ]
  `);
});
