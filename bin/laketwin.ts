/**
 * The command line. Each command's work stands in `local/commands/`, loaded only when it is called, so that
 * `--help` answers at once.
 */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { AlertsOptions } from '../local/commands/alerts.ts';
import type { BackfillOptions } from '../local/commands/backfill.ts';
import type { DoctorOptions } from '../local/commands/doctor.ts';
import type { EraseOptions } from '../local/commands/erase.ts';
import type { GenerateOptions } from '../local/commands/generate.ts';
import type { ExplainOptions, ModelOptions } from '../local/commands/model.ts';
import type { DriftOptions } from '../local/commands/model-drift.ts';
import type { PullOptions } from '../local/commands/pull.ts';
import type { QueryOptions } from '../local/commands/query.ts';
import type { ReplayOptions } from '../local/commands/replay.ts';
import type { ReportOptions } from '../local/commands/report.ts';
import type { RunOptions } from '../local/commands/run.ts';
import type { ScoreOptions } from '../local/commands/score.ts';
import type { ServeOptions } from '../local/commands/serve.ts';
import type { StreamOptions } from '../local/commands/stream.ts';
import type { TrainOptions } from '../local/commands/train.ts';
import type { WithdrawOptions } from '../local/commands/withdraw.ts';
import { EXIT, type ExitStatus, UsageError } from '../local/exit-status.ts';
import type { BiDoctorOptions } from '../proof/bi/doctor-command.ts';
import type { CostOptions } from '../proof/cost/cost-command.ts';

/** What the command line takes beside what the command wants. */
type AskedQueryOptions = QueryOptions & { readonly env: string; readonly maxScan?: number };

const DEFAULT_LAKE = '.lake';
const DEFAULT_DATASET = 'bookings';

const program = new Command('laketwin')
  .description('A data lake that runs on this machine first, from the definitions that deploy to AWS.')
  .version('0.1.0')
  .showHelpAfterError('run the same command with --help for what it takes')
  .configureHelp({ showGlobalOptions: true })
  .exitOverride()
  .addHelpText(
    'after',
    `
Try, in this order:
  npx laketwin run --no-serve                              the whole pipeline on a generated sample
  npx laketwin run --no-serve --input bookings.csv         the same on your own file
  npx laketwin query "select count(*) from bookings"       ask the lake
  npx laketwin query --list                                the named queries, and what they take
  npx laketwin serve                                       the dashboards, in a browser

Exit status: 0 done, 1 failed, 2 wrong usage, 3 done with rejected rows above the dataset's limit.`,
  );

command('run', 'take files through the whole lake: raw, checked, Parquet, curated, answers')
  .addOption(datasetOption())
  .option(
    '--input <file...>',
    'files to take in: CSV, JSON lines or JSON, gzip or not, or xlsx; without it, a generated sample',
  )
  .addOption(lakeOption())
  .option('--despite <check...>', 'publish although these checks are broken, because the rows are right')
  .option('--train', 'train a model where there is none or a tenth of the bookings is new, as without this option')
  .option('--no-train', 'train no model; score with the one that is there')
  .option('--serve', 'serve the dashboards at the end, as without --json')
  .option('--no-serve', 'end after the report, without serving the dashboards')
  .addOption(jsonOption())
  .addHelpText(
    'after',
    '\nA file that was taken in before changes nothing. Bad rows go to rejected/ with their reason.',
  )
  .action(act(async (options: RunOptions) => (await import('../local/commands/run.ts')).run(options)));

command('pull', 'take what an API gives page by page, as JSON over https, into the lake')
  .requiredOption('--source <file>', 'the declaration of the API, as JSON: see below')
  .addOption(datasetOption())
  .addOption(lakeOption())
  .option('--despite <check...>', 'publish although these checks are broken, because the rows are right')
  .option('--allow-loopback', 'take an API of this machine too, by http, to try one out')
  .addOption(jsonOption())
  .addHelpText(
    'after',
    `
A declaration, all but the address may be left out:
  {
    "address": "https://api.example.com/v1/bookings?since=2026-01-01",
    "records": "data.items",
    "next": { "by": "token", "field": "data.next", "parameter": "cursor" },
    "authorization": { "variable": "BOOKINGS_TOKEN", "header": "authorization", "scheme": "Bearer" },
    "limits": { "pages": 10000, "megabytes": 1000, "seconds": 3600, "waitSeconds": 120, "tries": 6 }
  }
next: { "by": "nothing" }                                all records come at once
      { "by": "link" }                                   the header Link with rel="next"
      { "by": "address", "field": "next" }               the answer holds the address of the next page
      { "by": "number", "parameter": "page", "first": 1 } pages are counted; one without records is the end

The secret is the value of the environment variable; only its name is declared. Each record bears the key of the
dataset, so that one that is pulled twice counts once. All pages become one file of JSON lines, taken in as by run;
a pull that fails leaves nothing. Redirections, and addresses within a network, are refused.`,
  )
  .action(act(async (options: PullOptions) => (await import('../local/commands/pull.ts')).pull(options)));

command('generate', 'write realistic data of any size, the same bytes for the same seed')
  .addOption(datasetOption())
  .requiredOption('--rows <n>', 'how many rows', wholeNumber)
  .requiredOption('--out <file>', '.csv, .jsonl or .json, with .gz behind it to compress')
  .option('--seed <n>', 'which data', wholeNumber, 1)
  .option('--dirty <share>', 'share of broken rows, 0 to 1', share, 0)
  .addOption(jsonOption())
  .action(act(async (options: GenerateOptions) => (await import('../local/commands/generate.ts')).generate(options)));

command(
  'stream',
  "send records through the Firehose transform, as on AWS, into this machine's lake; or to Firehose itself",
)
  .addOption(datasetOption())
  .addOption(lakeOption())
  .option('--rate <rows>', 'rows a second', positive, 500)
  .option('--seconds <n>', 'how long; without it, until the input ends or 10 seconds of generated rows', positive)
  .option('--input <file>', 'send the rows of this file; without it, generated rows')
  .option('--to <name>', 'send to this delivery stream of AWS, by the region and credentials of the environment')
  .option('--seed <n>', 'which generated rows', wholeNumber, 1)
  .option('--score', 'score each row on its way in, with the published model of the lake, then judge the model')
  .addOption(jsonOption())
  .action(act(async (options: StreamOptions) => (await import('../local/commands/stream.ts')).stream(options)));

command('query', 'ask the lake in SQL (the dialect of Athena)')
  .argument('[sql]', 'one SELECT')
  .option('--file <name>', 'a named query of sql/<dataset>/queries, or the path of a .sql file')
  .option('--param <name=value...>', 'a value for :name in the query')
  .option('--list', 'list the named queries and their parameters')
  .option('--checks', 'run the checks of the dataset: each shows the rows that break a promise')
  .addOption(datasetOption())
  .addOption(lakeOption())
  .addOption(new Option('--engine <name>', 'who answers').choices(['duckdb', 'trino', 'athena']).default('duckdb'))
  .addOption(new Option('--format <name>', 'how').choices(['table', 'csv', 'json', 'parquet', 'xlsx']).default('table'))
  .option('--out <file>', 'where to write the answer; needed for parquet and xlsx')
  .option('--limit <n>', 'rows that a table shows', wholeNumber, 200)
  .option('--interactive', 'ask for one query after the other, with history and completion')
  .option('--env <name>', 'whose limits hold, and with --engine athena, which lake is asked', 'prod')
  .option('--max-scan <MiB>', "what one query may scan; without it, the environment's own limit", positive)
  .option('--server <url>', 'with --engine trino: its address')
  .option('--catalog <name>', 'with --engine trino', 'awsdatacatalog')
  .option('--schema <name>', 'with --engine trino', 'default')
  .addHelpText(
    'after',
    `
Before a query runs, what Athena would scan and charge is told, from the footers of the files. What is above the
limit of the analysts' workgroup is refused. Values for :name never become part of the SQL.`,
  )
  .action(
    act(async (options: AskedQueryOptions, sql) => {
      const { analystsPlace } = await import('../lib/athena-names.ts');
      const { scanLimitBytes, ...athena } = analystsPlace(await environmentNamed(options.env));
      const limit = options.maxScan === undefined ? scanLimitBytes : options.maxScan * 2 ** 20;
      const { query } = await import('../local/commands/query.ts');
      return query({ ...options, athena, scanLimitBytes: limit }, sql);
    }),
  );

command('replay', 'try the rejected rows again, after a rule or a contract has changed')
  .addOption(datasetOption())
  .addOption(lakeOption())
  .addOption(envOption())
  .addOption(jsonOption())
  .action(act(async (options: ReplayOptions) => (await import('../local/commands/replay.ts')).replay(options)));

command('backfill', 'process what was received in a range of days again, by the rules of today')
  .requiredOption('--from <day>', 'the first day (UTC), as 2026-01-31, or a month, as 2026-01')
  .requiredOption('--to <day>', 'the last day or month, included')
  .addOption(datasetOption())
  .addOption(lakeOption())
  .addOption(envOption())
  .option('--despite <check...>', 'publish although these checks are broken, because the rows are right')
  .addOption(jsonOption())
  .addHelpText(
    'after',
    '\nNew rows replace the old ones, and ids stay. Objects whose raw file has expired are named and left as they are.',
  )
  .action(act(async (options: BackfillOptions) => (await import('../local/commands/backfill.ts')).backfill(options)));

command('withdraw', 'take an object out of the lake again: a file that should not have come')
  .argument('<id>', 'its id in the ledger, or the beginning of it')
  .addOption(datasetOption())
  .addOption(lakeOption())
  .addOption(jsonOption())
  .action(
    act(async (options: WithdrawOptions, id) => (await import('../local/commands/withdraw.ts')).withdraw(options, id)),
  );

command('erase', "take every row of one person out of this machine's lake, for ever (GDPR, article 17)")
  .option('--person <file>', 'a file that holds the identifier as the raw data has it; - for standard input')
  .option('--pseudonym', 'what is given is the pseudonym that the lake has, not the identifier')
  .option('--dry-run', 'say what would go, and change nothing')
  .option('--yes', 'do not ask before erasing')
  .option('--despite <check...>', 'publish the tables although these checks are broken, because the rows are right')
  .addOption(datasetOption())
  .addOption(lakeOption())
  .addOption(jsonOption())
  .addHelpText(
    'after',
    '\nThe identifier is never an argument, which shells keep; without --person it is asked for. What it does not reach, such as backups and copies on AWS: docs/decisions/erasure.md.',
  )
  .action(act(async (options: EraseOptions) => (await import('../local/commands/erase.ts')).erase(options)));

command('serve', 'show the dashboards on this machine, in a browser')
  .addOption(datasetOption())
  .addOption(lakeOption())
  .option('--port <n>', 'where; 0 takes a free one; without it, 4680 or a free one', wholeNumber)
  .action(act(async (options: ServeOptions) => (await import('../local/commands/serve.ts')).serve(options)));

command('alerts', 'evaluate the alerts that are due, and say what is raised')
  .addOption(datasetOption())
  .addOption(lakeOption())
  .option('--watch', 'again every five minutes, until it is stopped')
  .option('--webhook <url>', 'a webhook of Slack or Teams that changes are sent to as well')
  .addOption(jsonOption())
  .addHelpText('after', '\nOne incident is one message. The state is kept in the lake.')
  .action(act(async (options: AlertsOptions) => (await import('../local/commands/alerts.ts')).alerts(options)));

command('train', 'train the booking models, judge them, and publish what passes the gate')
  .option('--input <file...>', 'files to take into the lake first; without it, the bookings that the lake holds')
  .addOption(lakeOption())
  .option('--seed <n>', 'which chances', wholeNumber, 1)
  .addOption(new Option('--budget <name>', 'how much is tried').choices(['full', 'reduced']).default('full'))
  .addOption(jsonOption())
  .addHelpText('after', '\nEnds with 1 where the gate refuses the candidate; the champion stays then.')
  .action(act(async (options: TrainOptions) => (await import('../local/commands/train.ts')).train(options)));

command('score', 'score a file of bookings with the published model of a lake')
  .requiredOption('--input <file>', 'bookings, as `run` takes them; the outcome may be missing')
  .requiredOption('--out <file>', '.csv or .parquet: line, key, probabilities, model version, flags')
  .addOption(lakeOption())
  .addOption(jsonOption())
  .action(act(async (options: ScoreOptions) => (await import('../local/commands/score.ts')).score(options)));

const model = command('model', 'show the published model, or go back to an earlier one');
model
  .command('show')
  .description('figures of the champion beside the base rate, and the versions that are kept')
  .exitOverride()
  .addOption(lakeOption())
  .addOption(jsonOption())
  .action(act(async (options: ModelOptions) => (await import('../local/commands/model.ts')).showModel(options)));
model
  .command('drift')
  .description('judge the champion by the outcomes that came since; ends with 1 where an alarm rings')
  .exitOverride()
  .addOption(lakeOption())
  .addOption(jsonOption())
  .action(act(async (options: DriftOptions) => (await import('../local/commands/model-drift.ts')).showDrift(options)));
model
  .command('rollback')
  .description('make the version before the champion the champion')
  .exitOverride()
  .option('--to <version>', 'a live version, instead of the one before')
  .addOption(lakeOption())
  .addOption(jsonOption())
  .action(act(async (options: ModelOptions) => (await import('../local/commands/model.ts')).rollBackModel(options)));
model
  .command('explain')
  .description('say why one booking of a file scores as it does')
  .exitOverride()
  .requiredOption('--input <file>', 'bookings, as `score` takes them')
  .requiredOption('--line <n>', 'which line, from 1, the header included', wholeNumber)
  .option('--target <name>', 'what is foretold', 'booking_complete')
  .addOption(lakeOption())
  .addOption(jsonOption())
  .action(act(async (options: ExplainOptions) => (await import('../local/commands/model.ts')).explainScore(options)));

command('doctor', 'say what is installed, what is missing and what to do')
  .addOption(lakeOption())
  .addOption(jsonOption())
  .action(act(async (options: DoctorOptions) => (await import('../local/commands/doctor.ts')).doctor(options)));

const bi = command('bi', 'say whether dashboards in QuickSight could be deployed');
bi.command('doctor')
  .description('subscription, edition, regions, groups and rights of an environment, and what people cost a month')
  .exitOverride()
  .option('--env <name>', 'which environment', 'prod')
  .addOption(jsonOption())
  .addHelpText('after', '\nLooks and changes nothing. Ends with 1 where something is missing, or AWS cannot be asked.')
  .action(act(async (options: BiDoctorOptions) => (await import('../proof/bi/doctor-command.ts')).biDoctor(options)));

command('cost', 'say what an environment costs a month, line by line, from its templates and the volumes given')
  .option('--env <name>', 'which environment', 'prod')
  .option('--volumes <file>', 'what it is used for: a copy of proof/cost/volumes.json with your figures')
  .option('--budget <usd>', 'fail where a month costs more US dollars', positive)
  .option('--scenario <name>', 'batch or streaming: 100 GB a month, beside the figures of the original order')
  .option('--assembly <dir>', 'the output of cdk synth; without it, it is synthesised')
  .option('--region <name>', "whose prices; without it, the environment's or the scenario's")
  .addOption(jsonOption())
  .addHelpText(
    'after',
    '\nEvery price has a date and a source in proof/cost/prices.json; ? marks one that was not confirmed.',
  )
  .action(act(async (options: CostOptions) => (await import('../proof/cost/cost-command.ts')).cost(options)));

command('report', 'write what a role reads as PDF, Excel, CSV or one page, from the description of its dashboard')
  .requiredOption('--role <name>', 'for whom: marketing, direction or analysts')
  .addOption(new Option('--format <name>', 'as what').choices(['pdf', 'xlsx', 'csv', 'html']).makeOptionMandatory())
  .requiredOption('--out <path>', 'where to; for csv a folder, or a .csv file with --visual')
  .option('--period <kind>', 'month or year: the last one that is over, or the one given')
  .option('--month <month>', 'as 2026-01')
  .option('--year <year>', 'as 2025')
  .option('--filter <name=value...>', 'as in the address of a page: channel=Mobile, from=2026-01-01')
  .option('--visual <id>', 'only this visual')
  .option('--language <name>', 'en or fr', 'en')
  .addOption(datasetOption())
  .addOption(lakeOption())
  .addOption(jsonOption())
  .addHelpText(
    'after',
    '\nEvery form states its filters, its freshness and its number of rows. A PDF needs a Chrome or Chromium.',
  )
  .action(act(async (options: ReportOptions) => (await import('../local/commands/report.ts')).report(options)));

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

async function environmentNamed(name: string) {
  const { environments } = await import('../lib/environments.ts');
  const found = environments.find((one) => one.name === name);
  if (found !== undefined) return found;
  throw new UsageError(
    `unknown environment '${name}', expected one of ${environments.map((it) => it.name).join(', ')}`,
  );
}

function command(name: string, description: string): Command {
  return program.command(name).description(description).exitOverride();
}

/** Runs a command's work and keeps its exit status. Commander gives the arguments first, then the options. */
function act<Options>(work: (options: Options, argument: string | undefined) => Promise<ExitStatus>) {
  return async (...given: unknown[]) => {
    const self = given.at(-1) as Command;
    const argument = given.length > 2 ? (given[0] as string | undefined) : undefined;
    process.exitCode = await work(self.opts() as Options, argument);
  };
}

/** One sentence on standard error; the stack only where LAKETWIN_DEBUG asks for it, since it is for us and not for users. */
function report(error: unknown): ExitStatus {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  const known = error instanceof Error ? error : new Error(String(error));
  console.error(`laketwin: ${process.env.LAKETWIN_DEBUG ? known.stack : known.message}`);
  return known instanceof UsageError ? EXIT.usage : EXIT.failed;
}

function datasetOption(): Option {
  return new Option('--dataset <name>', 'which dataset').default(DEFAULT_DATASET);
}

function lakeOption(): Option {
  return new Option('--lake <folder>', 'where the lake lies').default(DEFAULT_LAKE);
}

function envOption(): Option {
  return new Option('--env <name>', 'have the deployed environment of this name do it, in AWS');
}

function jsonOption(): Option {
  return new Option('--json', 'one JSON document on standard output, everything else on standard error');
}

function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('a whole number from 0 is wanted');
  return Number(text);
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < 1e9)) throw new InvalidArgumentError('a number above 0 is wanted');
  return value;
}

function share(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1))
    throw new InvalidArgumentError('a share from 0 to 1 is wanted');
  return value;
}
