import { DonguError, InputFileError, SourceError } from '../core/errors.ts';
import { requestItemId } from '../core/ingest-id.ts';
import type { LandedFile, Landing, LandRequest, ReceivedRequest, Refusal } from '../ports/landing.ts';
import type { Telemetry } from '../ports/telemetry.ts';

/** More than so many in one batch are no poison among good items but a source that cannot read them. */
const MAX_REFUSED = 100;

const REASON = 'landing_failed';

export interface AroundPorts {
  readonly landing: Landing;
  readonly telemetry: Pick<Telemetry, 'warn'>;
  /** Whether another landing may begin: false shortly before this process is stopped. Without it, always. */
  readonly hasTime?: (() => boolean) | undefined;
}

/** This process ends before the landing would. */
export class LateError extends DonguError {
  constructor() {
    super('no time is left for landing it', 'The queue gives it again.');
  }
}

interface Item {
  readonly request: ReceivedRequest;
  readonly index: number;
}

type Through = Pick<LandRequest, 'source' | 'facts'>;

/**
 * Lands requests; where the engine fails, finds by halving the items at which it does, and lands all others. Those go to quarantine
 * as they are, or, where even that fails, with length and hash alone. A fault of the source or the machine is thrown, and LateError where
 * the time does not suffice.
 */
export async function landAround(
  through: Through,
  requests: readonly ReceivedRequest[],
  ports: AroundPorts,
): Promise<readonly LandedFile[]> {
  const land: Land = async (wanted, refused) => {
    // looking for what is to blame takes many landings
    if (ports.hasTime?.() === false) {
      throw new LateError();
    }
    return ports.landing.land({ ...through, input: { kind: 'requests', requests: wanted, refused } });
  };
  try {
    return await land(requests, new Map());
  } catch (error) {
    if (!isAboutItems(error)) {
      throw error;
    }
    // where not even nothing can be landed, no item is to blame
    await land([], new Map());
    const refused = await findPoison(requests, land, error);
    ports.telemetry.warn(
      `${refused.size} ${refused.size === 1 ? 'item' : 'items'} at which landing fails ` +
        `through ${through.source.definition.source}: to quarantine as ${REASON}`,
    );
    return land(requests, refused);
  }
}

const isAboutItems = (error: unknown): boolean =>
  error instanceof SourceError || error instanceof InputFileError;

type Land = (
  requests: readonly ReceivedRequest[],
  refused: ReadonlyMap<string, Refusal>,
) => Promise<readonly LandedFile[]>;

async function findPoison(
  requests: readonly ReceivedRequest[],
  land: Land,
  cause: unknown,
): Promise<ReadonlyMap<string, Refusal>> {
  const refused = new Map<string, Refusal>();
  const search = async (items: readonly Item[]): Promise<void> => {
    if (refused.size >= MAX_REFUSED) {
      throw cause;
    }
    const [first] = items;
    if (first && items.length === 1) {
      refused.set(requestItemId(first.request.id, first.index), await refusalOf(first, land));
      return;
    }
    const middle = Math.ceil(items.length / 2);
    const [front, back] = [items.slice(0, middle), items.slice(middle)];
    const isInFront = await fails(front, land);
    if (isInFront) {
      await search(front);
    }
    // if it is not in front, it is here
    if (!isInFront || (await fails(back, land))) {
      await search(back);
    }
  };
  await search(requests.flatMap((request) => request.items.map((_, index) => ({ request, index }))));
  return refused;
}

/** For a trial only: each item as a request of its own. */
const requestOf = ({ request, index }: Item): ReceivedRequest => ({
  ...request,
  items: request.items.slice(index, index + 1),
});

async function fails(
  items: readonly Item[],
  land: Land,
  refused: ReadonlyMap<string, Refusal> = new Map(),
): Promise<boolean> {
  try {
    await land(items.map(requestOf), refused);
    return false;
  } catch (error) {
    if (!isAboutItems(error)) {
      throw error;
    }
    return true;
  }
}

async function refusalOf(item: Item, land: Land): Promise<Refusal> {
  const refusal = { reason: REASON, isWithheld: false };
  const isWithheld = await fails([item], land, new Map([[requestItemId(item.request.id, 0), refusal]]));
  return { ...refusal, isWithheld };
}
