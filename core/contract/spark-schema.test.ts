import { expect, test } from 'vitest';
import { jobOffers } from '../../test/fixtures/job-offers.ts';
import { sparkSchema } from './spark-schema.ts';

test('lists and structures say where a null may stand', () => {
  const fields = sparkSchema(jobOffers).fields.filter(({ name }) => ['skills', 'salary', 'places'].includes(name));
  expect(fields).toMatchInlineSnapshot(`
    [
      {
        "metadata": {
          "comment": "Skills asked for.",
        },
        "name": "skills",
        "nullable": true,
        "type": {
          "containsNull": false,
          "elementType": "string",
          "type": "array",
        },
      },
      {
        "metadata": {
          "comment": "Yearly salary.",
        },
        "name": "salary",
        "nullable": true,
        "type": {
          "fields": [
            {
              "metadata": {
                "comment": "From.",
              },
              "name": "lowest",
              "nullable": true,
              "type": "decimal(10,2)",
            },
            {
              "metadata": {
                "comment": "Up to.",
              },
              "name": "highest",
              "nullable": true,
              "type": "decimal(10,2)",
            },
            {
              "metadata": {
                "comment": "Guessed by the source.",
              },
              "name": "is_predicted",
              "nullable": true,
              "type": "boolean",
            },
          ],
          "type": "struct",
        },
      },
      {
        "metadata": {
          "comment": "Where the work is.",
        },
        "name": "places",
        "nullable": true,
        "type": {
          "containsNull": false,
          "elementType": {
            "fields": [
              {
                "metadata": {},
                "name": "city",
                "nullable": true,
                "type": "string",
              },
              {
                "metadata": {},
                "name": "latitude",
                "nullable": true,
                "type": "double",
              },
            ],
            "type": "struct",
          },
          "type": "array",
        },
      },
    ]
  `);
});

test('the text is the one that PySpark prints: keys in alphabetical order, no spaces', () => {
  expect(JSON.stringify(sparkSchema({ ...jobOffers, columns: jobOffers.columns.slice(0, 2) }))).toMatchInlineSnapshot(
    `"{"fields":[{"metadata":{"comment":"Id at the source."},"name":"offer_id","nullable":false,"type":"string"},{"metadata":{"comment":"Title."},"name":"title","nullable":true,"type":"string"}],"type":"struct"}"`,
  );
});
