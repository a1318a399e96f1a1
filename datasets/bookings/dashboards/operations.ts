import type { Dashboard, Field } from '../../../core/dashboards/types.ts';
import { ATTEMPTS, DAY } from './fields.ts';
import { calls, model } from './scores.ts';

const CHECK: Field = { column: 'name', label: { en: 'Check', fr: 'Contrôle' }, format: 'text' };
const LEVEL: Field = { column: 'level', label: { en: 'Level', fr: 'Niveau' }, format: 'text' };
const TIMES_BROKEN: Field = { column: 'times_broken', label: { en: 'Times broken', fr: 'Échecs' }, format: 'count' };
const LAST_BROKEN: Field = {
  column: 'last_broken_at',
  label: { en: 'Last broken (UTC)', fr: 'Dernier échec (UTC)' },
  format: 'instant',
};

export const operations: Dashboard = {
  id: 'operations',
  title: { en: 'Who to call, and can it be trusted?', fr: 'Qui appeler, et à quoi se fier ?' },
  audience: { en: 'Analysts and operations', fr: 'Analystes et exploitation' },
  sheets: [
    calls,
    model,
    {
      id: 'lake',
      title: { en: 'The lake', fr: 'Le lac' },
      isLive: true,
      visuals: [
        {
          id: 'rows-in',
          kind: 'kpi',
          title: { en: 'Rows taken in', fr: 'Lignes reçues' },
          question: { en: 'How much has come in?', fr: 'Combien est arrivé ?' },
          source: 'ledger_total',
          value: { column: 'rows_in', label: { en: 'Rows', fr: 'Lignes' }, format: 'count' },
        },
        {
          id: 'rejected-share',
          kind: 'kpi',
          title: { en: 'Rejected rows', fr: 'Lignes rejetées' },
          question: { en: 'How much of it was unusable?', fr: 'Quelle part était inutilisable ?' },
          source: 'ledger_total',
          sample: 'rows_in',
          value: { column: 'rejected_share', label: { en: 'Share rejected', fr: 'Part rejetée' }, format: 'rate' },
        },
        {
          id: 'simulated-times',
          kind: 'kpi',
          title: { en: 'Bookings with simulated times', fr: 'Réservations aux dates simulées' },
          question: { en: 'How far can trends be trusted?', fr: 'Jusqu’où croire les tendances ?' },
          source: 'bookings_without_time',
          value: {
            column: 'with_simulated_time',
            label: { en: 'With simulated time', fr: 'Dates simulées' },
            format: 'count',
          },
        },
        {
          id: 'rejected-by-reason',
          kind: 'bar',
          title: { en: 'Rejected rows by reason', fr: 'Lignes rejetées par motif' },
          question: { en: 'What must be mended at the source?', fr: 'Que faut-il corriger à la source ?' },
          source: 'rejected_by_reason',
          isTotal: true,
          isSorted: true,
          category: { column: 'reason', label: { en: 'Reason', fr: 'Motif' }, format: 'text' },
          value: { column: 'rejected_rows', label: { en: 'Rows', fr: 'Lignes' }, format: 'count' },
          order: [{ column: 'rejected_rows', descending: true }, { column: 'reason' }],
          top: 15,
        },
        {
          id: 'freshness-by-day',
          kind: 'table',
          title: { en: 'Freshness', fr: 'Fraîcheur' },
          question: { en: 'When did bookings come in last, and how?', fr: 'Quand et comment sont-elles arrivées ?' },
          source: 'freshness',
          columns: [
            DAY,
            { column: 'source', label: { en: 'Way in', fr: 'Arrivée par' }, format: 'text' },
            ATTEMPTS,
            {
              column: 'last_ingested_at',
              label: { en: 'Last taken in (UTC)', fr: 'Dernière (UTC)' },
              format: 'instant',
            },
            {
              column: 'last_event_time',
              label: { en: 'Last booking (UTC)', fr: 'Dernière réservation (UTC)' },
              format: 'instant',
            },
          ],
          order: [{ column: 'ingest_date', descending: true }, { column: 'source' }],
          top: 14,
        },
        {
          id: 'ledger-by-day',
          kind: 'table',
          title: { en: 'The account', fr: 'Le compte' },
          question: { en: 'Is every row accounted for?', fr: 'Chaque ligne est-elle retrouvée ?' },
          source: 'ledger_by_day',
          columns: [
            DAY,
            { column: 'rows_in', label: { en: 'Rows in', fr: 'Reçues' }, format: 'count' },
            { column: 'accepted', label: { en: 'Accepted', fr: 'Acceptées' }, format: 'count' },
            { column: 'rejected', label: { en: 'Rejected', fr: 'Rejetées' }, format: 'count' },
            { column: 'duplicates', label: { en: 'Duplicates', fr: 'Doublons' }, format: 'count' },
            { column: 'missing', label: { en: 'Missing', fr: 'Manquantes' }, format: 'count' },
          ],
          order: [{ column: 'ingest_date', descending: true }],
          top: 14,
        },
      ],
    },
    {
      id: 'quality',
      title: { en: 'Quality', fr: 'Qualité' },
      isLive: true,
      visuals: [
        {
          id: 'last-checks',
          kind: 'table',
          title: { en: 'What each check said last', fr: 'Dernier résultat de chaque contrôle' },
          question: { en: 'Is everything kept that is promised?', fr: 'Toutes les promesses sont-elles tenues ?' },
          source: 'last_checks',
          columns: [
            CHECK,
            LEVEL,
            { column: 'is_kept', label: { en: 'Kept', fr: 'Tenu' }, format: 'yes' },
            { column: 'is_overruled', label: { en: 'Overruled', fr: 'Outrepassé' }, format: 'yes' },
            { column: 'checked_at', label: { en: 'When (UTC)', fr: 'Quand (UTC)' }, format: 'instant' },
            LAST_BROKEN,
          ],
          order: [{ column: 'rank' }, { column: 'name' }],
          top: 50,
        },
        {
          id: 'checks-broken-most',
          kind: 'bar',
          title: { en: 'Checks broken most often', fr: 'Contrôles les plus souvent en échec' },
          question: { en: 'Which promise is broken again and again?', fr: 'Quelle promesse est sans cesse rompue ?' },
          source: 'broken_checks',
          isTotal: true,
          isSorted: true,
          category: CHECK,
          value: TIMES_BROKEN,
          order: [{ column: 'times_broken', descending: true }, { column: 'name' }],
          top: 15,
        },
        {
          id: 'broken-checks',
          kind: 'table',
          title: { en: 'Broken checks by day', fr: 'Contrôles en échec par jour' },
          question: {
            en: 'What went wrong, when, and did it stop us?',
            fr: 'Quoi, quand, et qu’est-ce que cela a arrêté ?',
          },
          source: 'broken_checks',
          columns: [
            { column: 'day', label: { en: 'Day', fr: 'Jour' }, format: 'day' },
            CHECK,
            LEVEL,
            TIMES_BROKEN,
            {
              column: 'publications_stopped',
              label: { en: 'Publications stopped', fr: 'Publications arrêtées' },
              format: 'count',
            },
            { column: 'times_overruled', label: { en: 'Overruled', fr: 'Outrepassés' }, format: 'count' },
            LAST_BROKEN,
          ],
          order: [{ column: 'day', descending: true }, { column: 'name' }],
          top: 60,
        },
      ],
    },
  ],
};
