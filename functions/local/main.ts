import { Command, InvalidArgumentError, Option } from 'commander';
import { engineChoices } from '../core/configuration.ts';
import { AuditError, DonguError, errorText } from '../core/errors.ts';
import type { LandAgainMode } from '../use-cases/land-again.ts';
import { cleanCommand } from './commands/clean.ts';
import { collectCommand } from './commands/collect.ts';
import {
  listKeysCommand,
  newKeyCommand,
  replaceKeyCommand,
  revokeKeyCommand,
} from './commands/collect-keys.ts';
import { runDemo } from './commands/demo.ts';
import { explainCommand } from './commands/explain.ts';
import { importCommand } from './commands/import.ts';
import { initCommand } from './commands/init.ts';
import { kpiFormats, kpisCommand } from './commands/kpis.ts';
import { landCommand } from './commands/land.ts';
import { landAgainCommand } from './commands/land-again.ts';
import { queryCommand } from './commands/query.ts';
import { queueCommand } from './commands/queue.ts';
import { runCommand } from './commands/run.ts';
import { serveCommand } from './commands/serve.ts';
import { simulateCommand } from './commands/simulate.ts';
import { sourcesCommand } from './commands/sources.ts';
import { verifyCommand } from './commands/verify.ts';
import { systemFailure } from './system-failures.ts';

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) {
    throw new InvalidArgumentError('say a whole number.');
  }
  return value;
}

function address(text: string): string {
  if (!/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/\S*)?$/.test(text)) {
    throw new InvalidArgumentError('say an address such as s3://bucket or s3://bucket/prefix.');
  }
  return text;
}

function instant(text: string): Date {
  const isComplete = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(text);
  const value = new Date(text);
  const day = text.slice(8, 10);
  if (
    !isComplete ||
    Number.isNaN(value.getTime()) ||
    new Date(`${text.slice(0, 10)}T00:00:00Z`).toISOString().slice(8, 10) !== day
  ) {
    throw new InvalidArgumentError('say an instant with its offset, such as 2026-07-01T00:00:00+03:00.');
  }
  return value;
}

function addLandAgainCommand(program: Command, mode: LandAgainMode, description: string): void {
  program
    .command(mode)
    .description(description)
    .requiredOption('--source <name>', 'the source')
    .option('--lake <address>', "of a deployed installation, instead of the home's: LakeAddress", address)
    .option('--identity-key <name>', 'with --lake: the secret with its identity key, IdentityKeyName')
    .action((options, command) => landAgainCommand(command.optsWithGlobals(), mode, options));
}

function addDataCommands(program: Command): void {
  program
    .command('import')
    .description('lands files through a source; prints accepted, loaded, duplicate and quarantined')
    .argument('[paths...]', 'CSV, NDJSON or Parquet files, gzip or not')
    .option('--source <name>', 'a built-in source, or the path of your own NAME.yml')
    .option(
      '--inbox',
      'instead: what lies in HOME/inbox/SOURCE/, which is taken away when it is landed',
      false,
    )
    .action((paths: string[], options, command) => importCommand(command.optsWithGlobals(), paths, options));
  addLandAgainCommand(program, 'replay', 'lands the quarantined rows of a source again, after a fix');
  addLandAgainCommand(
    program,
    'remap',
    'lands the kept payloads of a source again, through its corrected mapping',
  );
  program
    .command('verify')
    .description('recomputes conservation and books from the lake alone')
    .action((_options, command) => verifyCommand(command.optsWithGlobals()));
  program
    .command('sources')
    .description('lists the sources, or describes one with its columns')
    .argument('[name]', 'a source')
    .action((name: string | undefined, _options, command) => sourcesCommand(command.optsWithGlobals(), name));
  program
    .command('kpis')
    .description('lists the KPIs, built and planned, or tells all about one')
    .argument('[name]', 'a KPI')
    .addOption(new Option('--format <format>', 'of the list').choices(kpiFormats).default('table'))
    .action((name: string | undefined, options) => kpisCommand(name, options));
}

function addCollectCommands(program: Command): void {
  const collect = program
    .command('collect')
    .description('takes touchpoints over HTTP from SDKs, forms and webhooks, and lands them')
    .option('--port <number>', 'port; 0 takes a free one', wholeNumber, 8080)
    .option('--host <address>', 'address to listen at', '127.0.0.1')
    .option('--body-seconds <number>', 'how long a request may take to arrive', wholeNumber, 10)
    .option('--no-land', 'only takes them: dongu land lands them')
    .action((options, command) => collectCommand(command.optsWithGlobals(), options));
  const keys = collect
    .command('keys')
    .description('write keys: who may send')
    .option(
      '--lake <address>',
      'the list of a deployed installation: LakeAddress, such as s3://bucket',
      address,
    );
  keys
    .command('new')
    .description('makes a key, and shows it this once')
    .requiredOption('--source <name>', 'the source that its touchpoints belong to')
    .addOption(
      new Option('--kind <kind>', 'server, public (in pages and apps) or webhook (signs its requests)')
        .choices(['server', 'public', 'webhook'])
        .default('server'),
    )
    .option('--id <id>', 'a name for logs and commands')
    .option('--event <names...>', 'only these events, as touchpoints name them (default: all)')
    .option('--origin <origins...>', 'pages that may send: https://shop.example, or * for any and for apps')
    .option('--redirect <addresses...>', 'where its forms may lead to')
    .option('--quota <number>', 'items a minute', wholeNumber)
    .option('--from <instant>', 'valid from (default: now)', instant)
    .option('--until <instant>', 'valid until', instant)
    .action((options, command) => newKeyCommand(command.optsWithGlobals(), options));
  keys
    .command('list')
    .description('lists the keys, without what is secret of them')
    .action((_options, command) => listKeysCommand(command.optsWithGlobals()));
  keys
    .command('replace')
    .description('makes a key that may what another one may, shows it this once, and ends the other')
    .argument('<id>', 'as `list` shows it')
    .option('--at <instant>', 'until when the other one is valid too (default: it ends now)', instant)
    .option('--new-id <id>', 'a name for logs and commands')
    .action((id: string, options, command) => replaceKeyCommand(command.optsWithGlobals(), id, options));
  keys
    .command('revoke')
    .description('ends a key')
    .argument('<id>', 'as `list` shows it')
    .option('--at <instant>', 'when (default: now), so that its successor overlaps', instant)
    .action((id: string, options, command) => revokeKeyCommand(command.optsWithGlobals(), id, options.at));
}

function addQueueCommands(program: Command): void {
  program
    .command('land')
    .description('lands what the collector has put into the queue, until it is stopped')
    .option('--once', 'ends when the queue is empty', false)
    .action((options, command) => landCommand(command.optsWithGlobals(), options.once));
  program
    .command('queue')
    .description('shows how many messages wait, are in flight and are dead; looks after the dead ones')
    .option('--url <address>', "of a deployed queue, instead of the home's")
    .addOption(new Option('--dead', 'lists the dead letters, without what was sent').default(false))
    .addOption(
      new Option('--redrive [id]', 'sends all dead letters again, or this one').conflicts([
        'take',
        'giveBack',
      ]),
    )
    .addOption(
      new Option('--take <id>', 'takes a dead letter out of the queue, into --to FILE').conflicts('giveBack'),
    )
    .option('--to <file>', 'where --take keeps it: as it was received, in the clear')
    .option('--give-back <file>', 'puts a letter that was taken into the queue again')
    .action((options, command) => queueCommand(command.optsWithGlobals(), options));
}

function addProjectCommands(program: Command): void {
  program
    .command('init')
    .description('writes a commented dongu.yaml for a sector, and says what to do next')
    .option('--sector <name>', 'ecommerce, saas, b2b, finance or general', 'ecommerce')
    .option('--lifecycle <ids...>', "built-in lifecycles to run side by side (default: the sector's own)")
    .option('--own-lifecycle', 'also copies the lifecycles into lifecycles/ID.yml beside it, to edit', false)
    .option('--force', 'overwrites what is there', false)
    .action((options, command) => initCommand(command.optsWithGlobals(), options));
}

function addRunCommands(program: Command): void {
  program
    .command('run')
    .description('builds, audits and publishes; an audit that fails publishes nothing')
    .option(
      '--as-of <instant>',
      'the cut; default: the last local midnight not after the newest touchpoint',
      instant,
    )
    .option(
      '--select <model>',
      'build only MODEL (MODEL+: and what reads it) with what it needs; publishes nothing',
    )
    .addOption(
      new Option('--engine <engine>', 'what builds (default: engine.use of dongu.yaml, else duckdb)').choices(
        engineChoices,
      ),
    )
    .action((options, command) => runCommand(command.optsWithGlobals(), options));
  program
    .command('clean')
    .description('deletes what killed and superseded runs have left on Athena, and finishes a broken switch')
    .option('--older-than <hours>', 'leaves runs that began later: they may be at work', wholeNumber, 24)
    .action((options, command) => cleanCommand(command.optsWithGlobals(), options.olderThan));
  program
    .command('query')
    .description("read-only SQL over the published tables, in DuckDB's dialect")
    .argument('<sql>', 'for example "select * from orders limit 5"')
    .option('--format <format>', 'table, csv or json', 'table')
    .action((sql: string, options, command) => queryCommand(command.optsWithGlobals(), sql, options.format));
  program
    .command('serve')
    .description('serves the published pages on this machine')
    .option('--port <number>', 'port; 0 takes a free one', wholeNumber, 4173)
    .action((options, command) => serveCommand(command.optsWithGlobals(), options.port));
}

function addExplainCommand(program: Command): void {
  program
    .command('explain')
    .description('why a customer is in a stage, since when and until when, and what would move them up')
    .argument('[customer]', 'a customer_id')
    .option('--email <address>', 'instead of the id; only its key is looked up, it is not kept')
    .option('--phone <number>', 'instead of the id, likewise')
    .option('--country <code>', 'country of a phone number without its country code', 'TR')
    .option('--at <instant>', "default: the last run's as-of instant", instant)
    .option('--lifecycle <id>', 'only this one')
    .option('--language <language>', 'tr or en (default: the locale of dongu.yaml)')
    .option('--format <format>', 'text or json', 'text')
    .action((customer: string | undefined, options, command) =>
      explainCommand(command.optsWithGlobals(), customer, options),
    );
}

function addSimulationCommands(program: Command): void {
  program
    .command('simulate')
    .description("writes a seeded Turkish store's files, one per source, and what is true of them")
    .option('--out <folder>', 'where to', 'simulated-store')
    .option('--seed <number>', 'the same seed writes the same bytes', wholeNumber, 1)
    .option('--customers <number>', 'persons, most of whom never buy', wholeNumber, 2000)
    .option('--months <number>', 'length', wholeNumber, 24)
    .option('--from <day>', 'first day', '2024-07-01')
    .option('--touchpoints <number>', 'instead of --customers: about so many lines', wholeNumber)
    .option('--pure', 'without season, inflation and dirt', false)
    .action((options) => simulateCommand(options));
  program
    .command('demo')
    .description('simulates a store, imports it, runs, publishes and serves the page (what `npm start` does)')
    .option('--no-serve', 'exit when the page is written')
    .option('--port <number>', 'port; 0 takes a free one', wholeNumber, 4173)
    .option('--seed <number>', 'seed of the store', wholeNumber, 1)
    .option('--customers <number>', 'persons in the store', wholeNumber, 8000)
    .option('--files <folder>', 'where the files of the store go', 'simulated-store')
    .action((options, command) => runDemo(command.optsWithGlobals(), options));
}

function report(thrown: unknown): void {
  const error = systemFailure(thrown) ?? thrown;
  if (error instanceof DonguError) {
    process.stderr.write(`\nerror: ${error.message}\n`);
    if (error instanceof AuditError) {
      process.stderr.write(error.failures.map((failure) => `  - ${failure}\n`).join(''));
    }
    process.stderr.write(`what to do: ${error.hint}\n`);
  } else {
    process.stderr.write(
      `\nerror: ${errorText(error)}\n${error instanceof Error ? (error.stack ?? '') : ''}\n`,
    );
    process.stderr.write('what to do: this is a fault of dongu; please report it with the lines above.\n');
  }
  process.exitCode = 1;
}

const program = new Command('dongu')
  .version('0.1.0')
  .description('A customer-lifecycle warehouse: where each customer stands, and what they are worth.')
  .option('--home <folder>', 'where the lake, the pages and warehouse.duckdb are kept', '.dongu')
  .option('--config <file>', 'the project configuration (default: dongu.yaml in this folder, if it is there)')
  .showSuggestionAfterError()
  .showHelpAfterError('(dongu --help lists the commands)');
addProjectCommands(program);
addDataCommands(program);
addCollectCommands(program);
addQueueCommands(program);
addRunCommands(program);
addExplainCommand(program);
addSimulationCommands(program);

try {
  await program.parseAsync();
} catch (error) {
  report(error);
}
