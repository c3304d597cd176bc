import { AthenaRefusal, invalidRequest } from './athena-refusal.ts';

export interface WorkGroup {
  readonly name: string;
  readonly description: string;
  readonly enforced: boolean;
  readonly outputLocation: string | undefined;
  /** Undefined: no limit. */
  readonly bytesScannedCutoff: number | undefined;
  readonly createdAt: number;
}

/** Documented as the least that the limit can be set to. */
const leastCutoff = 10_000_000;

export class WorkGroups {
  readonly #groups = new Map<string, WorkGroup>();

  constructor(initial: readonly WorkGroup[]) {
    for (const group of initial) {
      this.#groups.set(group.name, group);
    }
  }

  find(name: string): WorkGroup {
    const group = this.#groups.get(name);
    if (group === undefined) {
      throw invalidRequest(`WorkGroup ${name} is not found.`, 'WORKGROUP_NOT_FOUND');
    }
    return group;
  }

  create(group: WorkGroup): void {
    if (this.#groups.has(group.name)) {
      throw invalidRequest(`WorkGroup ${group.name} is already created`);
    }
    if (group.bytesScannedCutoff !== undefined && group.bytesScannedCutoff < leastCutoff) {
      throw invalidRequest(`BytesScannedCutoffPerQuery must be at least ${leastCutoff}`);
    }
    this.#groups.set(group.name, group);
  }

  delete(name: string): void {
    if (name === 'primary') {
      throw new AthenaRefusal('InvalidRequestException', 'WorkGroup primary cannot be deleted');
    }
    this.find(name);
    this.#groups.delete(name);
  }

  list(): readonly WorkGroup[] {
    return [...this.#groups.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}
