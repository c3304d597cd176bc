import type { Configuration } from '../core/configuration.ts';
import { nearestName } from '../core/nearest-name.ts';
import type { Warehouse } from '../ports/warehouse.ts';

/** Not questioned: a shop that has no orders yet knows that. */
const DEFAULT_EVENT = 'order_completed';

/**
 * A warning when no touchpoint has the event that makes customers active: retention and the activity lifecycle would
 * be empty. It is no error, because the event may be one that has not happened yet.
 */
export async function activityEventWarning(
  warehouse: Warehouse,
  configuration: Configuration,
): Promise<string | undefined> {
  const wanted = configuration.activity_event;
  if (wanted === DEFAULT_EVENT) {
    return undefined;
  }
  const rows = await warehouse.rows(
    "select distinct event from raw_touchpoints where kind = 'touchpoint' order by event",
  );
  const events = rows.map(({ event }) => String(event));
  if (events.length === 0 || events.includes(wanted)) {
    return undefined;
  }
  const nearest = nearestName(wanted, events);
  return (
    `activity_event: no touchpoint has the event "${wanted}", so nobody is active` +
    (nearest ? `; did you mean "${nearest}"?` : '')
  );
}
