import type { ObjectStore } from './object-store.ts';
import type { Warehouse } from './warehouse.ts';

/** What a finished run says of itself; one object, written whole. */
export interface RunManifest {
  readonly schema: 'dongu.run/1';
  readonly run_id: string;
  readonly as_of: string;
  readonly finished_at: string;
  /** Token of the lease under which it ran. */
  readonly fence: number;
  readonly relations: Readonly<Record<string, { readonly rows: number }>>;
}

/** Where a run builds, beside what is published: until the switch, no reader sees any of it. */
export interface Build {
  readonly engine: 'duckdb' | 'athena';
  readonly warehouse: Warehouse;
  /** Makes the built relations what readers get; refuses where a run of a later lease is published. */
  switchTo(manifest: RunManifest): Promise<void>;
  /** Stops, and leaves what is built for a build of the same run to go on with. Absent where that cannot be. */
  suspend?(): Promise<void>;
  /** Ends the build. Whatever was not switched to goes away. */
  discard(): Promise<void>;
}

/** An engine as a run finds it. */
export interface RunEngine {
  /** Where the run finds the lake and leaves its report. */
  readonly store: ObjectStore;
  readonly openBuild: (runId: string) => Promise<Build>;
  /** What there is to do before a build, such as bringing the lake to where the engine reads it. */
  prepare(): Promise<void>;
  /** What there is to do after a good run. */
  tidy(): Promise<void>;
}
