/** What became of a change of the policy whose answer was lost: a revision, an edit that waits, or nothing. */
import type { Found } from "../api/act";
import { answer, api } from "../api/client";

export type Made = { revision: number } | { waiting: string; overlay: string; ends: string };

/** Revisions and edits that are looked through; nobody makes more in the seconds before a look. */
const LATEST_MAX = 50;

/** The change that `author` sent upon the revision `expected` with this reason; reads only. */
export async function lookForRevision(sent: {
  expected: number;
  author: string;
  reason: string;
}): Promise<Found<Made>> {
  const query = { limit: LATEST_MAX };
  const { items } = await answer(api.GET("/api/v1/revisions", { params: { query } }));
  const later = items.filter(({ number }) => number > sent.expected);
  // Whatever was made upon the expected revision is the first after it.
  const first = later.reduce<(typeof later)[number] | undefined>(
    (least, one) => (least === undefined || one.number < least.number ? one : least),
    undefined,
  );
  const isSent = (one: { author: string; reason: string }) =>
    one.author === sent.author && one.reason.trim() === sent.reason.trim();
  if (first && isSent(first)) return { is: "taken", made: { revision: first.number } };
  const edits = await answer(api.GET("/api/v1/waiting-edits", { params: { query } }));
  const edit = edits.items.find(
    (one) => one.revision === sent.expected && one.state === "waiting" && isSent(one),
  );
  if (!edit) return { is: "not_taken" };
  const { windows } = await answer(api.GET("/api/v1/switch"));
  const holding = windows
    .filter(({ overlay }) => edit.held_by.includes(overlay))
    .sort((a, b) => b.ends.localeCompare(a.ends))[0];
  // Just over: it is applied in these seconds.
  if (!holding) return { is: "under_way" };
  const { overlay, ends } = holding;
  return { is: "taken", made: { waiting: edit.id, overlay, ends } };
}
