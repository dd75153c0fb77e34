/** How many masked values somebody may still have revealed now. */
import type { Schemas } from "../../../api/client";

/** The less of what is left of the hour and of the day. */
export function leftOf({ in_hour, in_day, limits }: Schemas["RevealsShown"]): number {
  const hour = (limits.an_hour_max ?? 0) - in_hour;
  const day = (limits.a_day_max ?? 0) - in_day;
  return Math.max(0, Math.min(hour, day));
}
