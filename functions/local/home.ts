import { execFileSync } from 'node:child_process';
import { createHash, randomInt, randomUUID } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { renderSite } from '../../dashboards/render-site.ts';
import { consoleTelemetry } from '../adapters/console-telemetry.ts';
import type { DuckdbSettings } from '../adapters/duckdb-connection.ts';
import { DuckdbLanding } from '../adapters/duckdb-landing.ts';
import { DuckdbLedger } from '../adapters/duckdb-ledger.ts';
import { FolderInbox } from '../adapters/folder-inbox.ts';
import { FolderObjectStore } from '../adapters/folder-object-store.ts';
import { withLock } from '../adapters/home-lock.ts';
import { KeyFileSecrets } from '../adapters/key-file-secrets.ts';
import { localInputFiles } from '../adapters/local-input-files.ts';
import { loadCatalogue } from '../adapters/model-files.ts';
import {
  loadFacts,
  loadLandingTexts,
  loadSource,
  sourcesOnce,
  sqlFolder,
} from '../adapters/project-files.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { openTemporaryFolder } from '../adapters/temporary-folder.ts';
import type { Catalogue } from '../core/catalogue.ts';
import { type Configuration, type EngineChoice, readConfiguration } from '../core/configuration.ts';
import { ConfigurationError } from '../core/errors.ts';
import { ulid } from '../core/identifiers.ts';
import type { Manifest } from '../core/snapshot.ts';
import type { RunEngine } from '../ports/build.ts';
import type { Clock } from '../ports/clock.ts';
import type { Lease } from '../ports/lease.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { type Compacted, type CompactPorts, compactLake } from '../use-cases/compact-lake.ts';
import type { ImportPorts } from '../use-cases/import-files.ts';
import type { InboxPorts } from '../use-cases/import-inbox.ts';
import type { LandBatchPorts } from '../use-cases/land-batch.ts';
import { runAndPublish } from '../use-cases/run-and-publish.ts';
import { withRunLease } from '../use-cases/run-lease.ts';
import type { FinishedRun } from '../use-cases/run-pipeline.ts';
import { engineOf } from './engines.ts';
import { BATCHES_AT_ONCE } from './landing-loop.ts';

export interface HomeOptions {
  readonly home: string;
  /** Path of dongu.yaml; without one, the file of that name in the working folder if it is there. */
  readonly config: string | undefined;
  readonly telemetry?: Telemetry;
  readonly clock?: Clock;
}

export interface RunOptions {
  readonly asOf?: Date | undefined;
  readonly select?: string | undefined;
  /** Without one, the configuration's. */
  readonly engine?: EngineChoice | undefined;
}

/** One installation on this machine: its folder, its configuration, and the adapters that the use cases need. */
export class Home {
  readonly root: string;
  readonly configuration: Configuration;
  /** Where the project's own sources are looked for. */
  readonly projectFolder: string;
  readonly store: FolderObjectStore;
  readonly telemetry: Telemetry;
  readonly clock: Clock;
  readonly settings: DuckdbSettings;

  private constructor(
    options: HomeOptions,
    configuration: Configuration,
    projectFolder: string,
    temporary: string,
  ) {
    this.root = resolve(options.home);
    this.configuration = configuration;
    this.projectFolder = projectFolder;
    this.store = new FolderObjectStore(this.root);
    this.telemetry = options.telemetry ?? consoleTelemetry();
    this.clock = options.clock ?? systemClock;
    const { memory_limit, threads } = configuration.engine;
    this.settings = {
      memoryLimit: memory_limit,
      temporaryDirectory: temporary,
      ...(threads === undefined ? {} : { threads }),
    };
  }

  static async open(options: HomeOptions): Promise<Home> {
    const path = options.config ?? 'dongu.yaml';
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (options.config === undefined && error.code === 'ENOENT') {
        return '';
      }
      throw new ConfigurationError(
        `${path}: cannot be read (${error.code ?? error.message})`,
        'Check the path of --config.',
        {
          cause: error,
        },
      );
    });
    await mkdir(join(resolve(options.home), 'runs'), { recursive: true });
    const temporary = await openTemporaryFolder(tmpdir());
    return new Home(options, readConfiguration(text, path), dirname(resolve(path)), temporary);
  }

  async importPorts(): Promise<ImportPorts> {
    return {
      inputFiles: localInputFiles,
      landing: new DuckdbLanding(this.settings, await loadLandingTexts(), this.#secrets()),
      store: this.store,
      clock: this.clock,
      telemetry: this.telemetry,
    };
  }

  #secrets(): KeyFileSecrets {
    return new KeyFileSecrets(join(this.root, 'keys', 'identity.key'), this.store);
  }

  async landBatchPorts(): Promise<LandBatchPorts> {
    const { store, telemetry } = await this.importPorts();
    const settings = {
      ...this.settings,
      memoryLimit: sharedLimit(this.settings.memoryLimit, 2 * BATCHES_AT_ONCE),
    };
    const landing = new DuckdbLanding(settings, await loadLandingTexts(), this.#secrets());
    const loadSource = sourcesOnce(this.projectFolder);
    return { landing, store, telemetry, loadSource, facts: await loadFacts() };
  }

  async inboxPorts(): Promise<InboxPorts> {
    return {
      ...(await this.importPorts()),
      inbox: new FolderInbox(this.root),
      loadSource: (name) => loadSource(name, this.projectFolder),
      facts: await loadFacts(),
    };
  }

  async compactPorts(): Promise<CompactPorts> {
    const { landing, store, telemetry } = await this.importPorts();
    const relations = ['touchpoints', ...Object.keys(await loadFacts())];
    return { landing, store, telemetry, relations, newAttempt: () => randomUUID() };
  }

  /** Merges batches of the collector. To be called by whoever has the home to itself. */
  async compact(): Promise<Compacted> {
    const compacted = await compactLake(await this.compactPorts());
    if (compacted.merged > 0) {
      this.telemetry.done(`${compacted.merged} batches merged into ${compacted.into}`);
    }
    return compacted;
  }

  async ledger(): Promise<DuckdbLedger> {
    return new DuckdbLedger(this.store, this.settings, Object.keys(await loadFacts()));
  }

  /** The models, the KPIs and the lifecycles that the project's configuration names. */
  async catalogue(): Promise<Catalogue> {
    return loadCatalogue(this.configuration, this.projectFolder);
  }

  /** One at a time: what builds, publishes or replaces objects of the lake. */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    return this.alone(async () => {
      await this.store.sweepUnfinished();
      return work();
    });
  }

  /** While nobody else does such work: what has to read the lake as it is. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    return withLock(join(this.root, 'runs', 'lock'), work);
  }

  /** Builds, audits and publishes. */
  async run(options: RunOptions): Promise<{ run: FinishedRun; manifest?: Manifest }> {
    return this.exclusively(async () => {
      const engine = await engineOf(this, options.engine);
      return this.underLease(engine.store, (lease) => this.#run(options, engine, lease));
    });
  }

  /** One run at a time of all homes and machines that publish to this store. To be called by whoever has the home to itself. */
  underLease<T>(store: ObjectStore, work: (lease: Lease) => Promise<T>): Promise<T> {
    const holder = createHash('sha256').update(`${hostname()}\n${this.root}`).digest('hex').slice(0, 16);
    return withRunLease({ store, clock: this.clock, holder }, work);
  }

  async #run(
    { asOf, select }: RunOptions,
    engine: RunEngine,
    lease: Lease,
  ): Promise<{ run: FinishedRun; manifest?: Manifest }> {
    await this.compact();
    await engine.prepare();
    const newId = (): string => ulid(this.clock.now(), () => randomInt(32));
    return runAndPublish(
      {
        runId: newId(),
        asOf,
        select,
        catalogue: await this.catalogue(),
        configuration: this.configuration,
        gitSha: gitSha(),
      },
      {
        engine,
        pages: this.store,
        clock: this.clock,
        telemetry: this.telemetry,
        lease,
        renderSite,
        newId,
      },
    );
  }

  async close(): Promise<void> {
    await rm(this.settings.temporaryDirectory, { recursive: true, force: true });
  }
}

/** A memory limit such as 2GB for each of so many that work side by side. */
function sharedLimit(limit: string, among: number): string {
  return limit.replace(/^[\d.]+/, (amount) => String(Number(amount) / among));
}

/** The commit of the program, or `unknown` outside a clone. */
function gitSha(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], {
      cwd: sqlFolder,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
      .toString()
      .trim();
  } catch {
    return 'unknown';
  }
}
