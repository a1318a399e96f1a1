import type { Dashboard, DashboardSet, Field } from '../../core/dashboards/types.ts';
import type { bookings } from './contract.ts';
import { TARGET_RATE } from './target.ts';
import { words } from './words.ts';

/** Columns of the curated table that a filter may choose by: those of the contract, and the day of the booking. */
type FilterColumn = keyof typeof bookings.row.shape | 'event_date';

const ATTEMPTS: Field = { column: 'attempts', label: { en: 'Bookings', fr: 'Réservations' }, format: 'count' };
const COMPLETED: Field = { column: 'completed', label: { en: 'Completed', fr: 'Finalisées' }, format: 'count' };
const ABANDONED: Field = { column: 'abandoned', label: { en: 'Lost', fr: 'Perdues' }, format: 'count' };
const RATE: Field = {
  column: 'completion_rate',
  label: { en: 'Completion rate', fr: 'Taux de finalisation' },
  format: 'rate',
};
const CHANNEL: Field = { column: 'sales_channel', label: { en: 'Channel', fr: 'Canal' }, format: 'text' };
const ORIGIN: Field = { column: 'booking_origin', label: { en: 'Country', fr: 'Pays' }, format: 'text' };
const DAY: Field = { column: 'ingest_date', label: { en: 'Day taken in', fr: 'Jour de réception' }, format: 'day' };

/** What every completion rate comes with. */
const MEASURED = { sample: 'attempts', interval: { low: 'rate_low', high: 'rate_high' } } as const;
const OVER_PERIODS = { period: 'period', covered: 'is_covered', first: 'first_day', last: 'last_day' } as const;

const marketing: Dashboard = {
  id: 'marketing',
  title: { en: 'Where do buyers finish?', fr: 'Où les acheteurs finalisent-ils ?' },
  audience: { en: 'Marketing', fr: 'Marketing' },
  readers: ['marketing'],
  sheets: [
    {
      id: 'conversion',
      title: { en: 'Conversion', fr: 'Conversion' },
      visuals: [
        {
          id: 'bookings-28-days',
          kind: 'kpi',
          title: { en: 'Bookings', fr: 'Réservations' },
          question: { en: 'Do more people begin a booking?', fr: 'Plus de personnes commencent-elles à réserver ?' },
          source: 'completion_by_period',
          value: ATTEMPTS,
          order: [{ column: 'period' }],
          simulated: 'has_simulated_times',
          comparison: { ...OVER_PERIODS, goodWhen: 'higher' },
        },
        {
          id: 'rate-28-days',
          kind: 'kpi',
          title: { en: 'Completion rate', fr: 'Taux de finalisation' },
          question: { en: 'Do more of them finish?', fr: 'Une plus grande part finalise-t-elle ?' },
          source: 'completion_by_period',
          value: RATE,
          ...MEASURED,
          order: [{ column: 'period' }],
          simulated: 'has_simulated_times',
          comparison: { ...OVER_PERIODS, goodWhen: 'higher' },
        },
        {
          id: 'rate-by-week',
          kind: 'line',
          title: { en: 'Completion rate by week', fr: 'Taux de finalisation par semaine' },
          question: {
            en: 'How does each channel complete, in complete weeks?',
            fr: 'Comment chaque canal finalise-t-il, par semaine complète ?',
          },
          source: 'completion_by_week',
          only: 'is_complete_week',
          x: { column: 'week', label: { en: 'Week of', fr: 'Semaine du' }, format: 'day' },
          y: RATE,
          series: CHANNEL,
          ...MEASURED,
          order: [{ column: 'week' }, { column: 'sales_channel' }],
          simulated: 'has_simulated_times',
        },
        {
          id: 'rate-by-origin',
          kind: 'bar',
          title: { en: 'Completion rate by country', fr: 'Taux de finalisation par pays' },
          question: {
            en: 'Which of the twelve largest countries finish, and which do not?',
            fr: 'Parmi les douze plus grands pays, lesquels finalisent ?',
          },
          source: 'completion_by_origin',
          category: ORIGIN,
          value: RATE,
          ...MEASURED,
          order: [{ column: 'attempts', descending: true }, { column: 'booking_origin' }],
          top: 12,
          isSorted: true,
          drill: 'origin',
        },
        {
          id: 'rate-by-lead-time',
          kind: 'bar',
          title: { en: 'Completion rate by days before departure', fr: 'Taux de finalisation selon l’avance' },
          question: { en: 'Do early bookers finish more often?', fr: 'Réserver tôt mène-t-il plus souvent au bout ?' },
          source: 'completion_by_lead_time',
          category: {
            column: 'lead_time_bucket',
            label: { en: 'Days before departure', fr: 'Avance' },
            format: 'text',
          },
          value: RATE,
          ...MEASURED,
          order: [{ column: 'lead_time_bucket' }],
        },
        {
          id: 'rate-by-departure',
          kind: 'heat map',
          title: { en: 'Completion rate by departure', fr: 'Taux de finalisation par départ' },
          question: {
            en: 'At which days and hours do the flights leave whose bookings are finished?',
            fr: 'À quels jours et heures partent les vols dont les réservations aboutissent ?',
          },
          source: 'completion_by_departure_time',
          x: { column: 'flight_hour', label: { en: 'Hour', fr: 'Heure' }, format: 'number' },
          y: { column: 'flight_day', label: { en: 'Weekday', fr: 'Jour' }, format: 'text' },
          value: RATE,
          ...MEASURED,
          order: [{ column: 'flight_day_number' }, { column: 'flight_hour' }],
        },
      ],
    },
    {
      id: 'services',
      title: { en: 'Extras', fr: 'Services' },
      visuals: [
        {
          id: 'extras-by-channel',
          kind: 'bar',
          title: { en: 'Extras wanted, by channel', fr: 'Services demandés, par canal' },
          question: { en: 'Which extras are wanted on which channel?', fr: 'Quels services, sur quel canal ?' },
          source: 'extras_by_channel',
          category: { column: 'extra', label: { en: 'Extra', fr: 'Service' }, format: 'text' },
          series: CHANNEL,
          value: {
            column: 'wanted_share',
            label: { en: 'Share of bookings', fr: 'Part des réservations' },
            format: 'rate',
          },
          sample: 'attempts',
          interval: { low: 'share_low', high: 'share_high' },
          order: [{ column: 'extra' }, { column: 'sales_channel' }],
        },
        {
          id: 'rate-by-extras',
          kind: 'bar',
          title: { en: 'Completion rate by number of extras', fr: 'Taux de finalisation selon les services' },
          question: {
            en: 'Do those who want extras finish more often?',
            fr: 'Ceux qui veulent des services finalisent-ils plus ?',
          },
          source: 'completion_by_extras',
          category: { column: 'extras', label: { en: 'Extras', fr: 'Services' }, format: 'number' },
          value: RATE,
          ...MEASURED,
          order: [{ column: 'extras' }],
        },
      ],
    },
  ],
};

const direction: Dashboard = {
  id: 'direction',
  title: { en: 'Are we on track?', fr: 'Sommes-nous sur la bonne voie ?' },
  audience: { en: 'Direction', fr: 'Direction' },
  readers: ['direction'],
  sheets: [
    {
      id: 'synthesis',
      title: { en: 'Synthesis', fr: 'Synthèse' },
      visuals: [
        {
          id: 'rate-now',
          kind: 'kpi',
          title: { en: 'Completion rate', fr: 'Taux de finalisation' },
          question: { en: 'Are we better than in the period before?', fr: 'Fait-on mieux que la période précédente ?' },
          source: 'completion_by_period',
          value: RATE,
          ...MEASURED,
          order: [{ column: 'period' }],
          simulated: 'has_simulated_times',
          comparison: { ...OVER_PERIODS, goodWhen: 'higher' },
        },
        {
          id: 'lost-now',
          kind: 'kpi',
          title: { en: 'Lost bookings', fr: 'Réservations perdues' },
          question: { en: 'How many were begun and abandoned?', fr: 'Combien ont été commencées puis abandonnées ?' },
          source: 'completion_by_period',
          value: ABANDONED,
          order: [{ column: 'period' }],
          simulated: 'has_simulated_times',
          comparison: { ...OVER_PERIODS, goodWhen: 'lower' },
        },
        {
          id: 'passengers-now',
          kind: 'kpi',
          title: { en: 'Passengers on bookings', fr: 'Passagers des réservations' },
          question: { en: 'How many people is it about?', fr: 'De combien de personnes s’agit-il ?' },
          source: 'completion_by_period',
          value: { column: 'passengers', label: { en: 'Passengers', fr: 'Passagers' }, format: 'count' },
          order: [{ column: 'period' }],
          simulated: 'has_simulated_times',
          comparison: { ...OVER_PERIODS, goodWhen: 'higher' },
        },
        {
          id: 'rate-of-seven-days',
          kind: 'line',
          title: { en: 'Completion rate over seven days', fr: 'Taux de finalisation sur sept jours' },
          question: { en: 'Is the target reached?', fr: 'L’objectif est-il atteint ?' },
          source: 'daily_bookings',
          only: 'has_seven_days',
          x: { column: 'event_date', label: { en: 'Week ending', fr: 'Semaine finissant le' }, format: 'day' },
          y: { ...RATE, column: 'completion_rate_7_days' },
          sample: 'attempts_7_days',
          target: TARGET_RATE,
          order: [{ column: 'event_date' }],
          simulated: 'has_simulated_times',
        },
        {
          id: 'change-by-channel',
          kind: 'bar',
          title: { en: 'Contribution to the change, by channel', fr: 'Contribution à l’évolution, par canal' },
          question: { en: 'Which channel moved the rate?', fr: 'Quel canal a fait bouger le taux ?' },
          source: 'change_contributions',
          only: 'is_channel',
          category: { ...CHANNEL, column: 'segment' },
          value: { column: 'contribution', label: { en: 'Contribution', fr: 'Contribution' }, format: 'points' },
          sample: 'attempts_compared',
          order: [{ column: 'contribution_size', descending: true }, { column: 'segment' }],
          drill: 'channel',
        },
        {
          id: 'change-by-origin',
          kind: 'bar',
          title: { en: 'Contribution to the change, by country', fr: 'Contribution à l’évolution, par pays' },
          question: { en: 'Which countries moved the rate most?', fr: 'Quels pays ont le plus fait bouger le taux ?' },
          source: 'change_contributions',
          only: 'is_origin',
          category: { ...ORIGIN, column: 'segment' },
          value: { column: 'contribution', label: { en: 'Contribution', fr: 'Contribution' }, format: 'points' },
          sample: 'attempts_compared',
          order: [{ column: 'contribution_size', descending: true }, { column: 'segment' }],
          top: 10,
          drill: 'origin',
        },
        {
          id: 'lost-by-route',
          kind: 'table',
          title: { en: 'Routes that lose most', fr: 'Liaisons qui perdent le plus' },
          question: {
            en: 'On which routes would most more be completed, at the rate of all bookings?',
            fr: 'Sur quelles liaisons le taux moyen ferait-il gagner le plus de réservations ?',
          },
          source: 'abandoned_by_route',
          columns: [
            { column: 'route', label: { en: 'Route', fr: 'Liaison' }, format: 'text' },
            ATTEMPTS,
            ABANDONED,
            RATE,
            {
              column: 'lost_to_average',
              label: { en: 'Missing to the average', fr: 'Manque à la moyenne' },
              format: 'number',
            },
          ],
          ...MEASURED,
          order: [{ column: 'lost_to_average', descending: true }, { column: 'route' }],
          top: 10,
        },
        {
          id: 'months',
          kind: 'table',
          title: { en: 'Month by month', fr: 'Mois par mois' },
          question: { en: 'What did each month bring?', fr: 'Qu’a apporté chaque mois ?' },
          source: 'completion_by_month',
          columns: [
            { column: 'month', label: { en: 'Month', fr: 'Mois' }, format: 'month' },
            ATTEMPTS,
            COMPLETED,
            ABANDONED,
            RATE,
            { column: 'is_complete_month', label: { en: 'Complete', fr: 'Complet' }, format: 'yes' },
          ],
          ...MEASURED,
          order: [{ column: 'month', descending: true }],
          top: 24,
          simulated: 'has_simulated_times',
        },
      ],
    },
  ],
};

const CHECK: Field = { column: 'name', label: { en: 'Check', fr: 'Contrôle' }, format: 'text' };
const LEVEL: Field = { column: 'level', label: { en: 'Level', fr: 'Niveau' }, format: 'text' };
const TIMES_BROKEN: Field = { column: 'times_broken', label: { en: 'Times broken', fr: 'Échecs' }, format: 'count' };
const LAST_BROKEN: Field = {
  column: 'last_broken_at',
  label: { en: 'Last broken (UTC)', fr: 'Dernier échec (UTC)' },
  format: 'instant',
};

const operations: Dashboard = {
  id: 'operations',
  title: { en: 'Are the data fresh and clean?', fr: 'Les données sont-elles fraîches et propres ?' },
  audience: { en: 'Analysts and operations', fr: 'Analystes et exploitation' },
  sheets: [
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

/** What marketing, the direction and analysts look at, on every target. */
export const bookingDashboards: DashboardSet<FilterColumn> = {
  dataset: 'bookings',
  table: 'bookings',
  filters: [
    { id: 'channel', kind: 'values', column: 'sales_channel', label: { en: 'Channel', fr: 'Canal' } },
    { id: 'trip', kind: 'values', column: 'trip_type', label: { en: 'Trip', fr: 'Voyage' } },
    { id: 'origin', kind: 'values', column: 'booking_origin', label: { en: 'Country', fr: 'Pays' } },
    { id: 'dates', kind: 'days', column: 'event_date', label: { en: 'Booked', fr: 'Réservé' } },
  ],
  dashboards: [marketing, direction, operations],
  words,
  staleAfterHours: 24,
  samples: { faded: 30, hidden: 10 },
};
