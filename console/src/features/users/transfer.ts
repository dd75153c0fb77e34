/** Finding what somebody owns, and handing it over record by record. */
import { answer, api, type Schemas } from "../../api/client";

type RecordRow = Schemas["RecordShown"];
/** Records that are looked through at most. */
export const LOOK_MAX = 5_000;
const PAGE = 200;

export async function ownedBy(user: string, object: string, told: (read: number) => void) {
  const rows: RecordRow[] = [];
  let read = 0;
  let cursor: string | undefined;
  do {
    const query = cursor === undefined ? { limit: PAGE } : { limit: PAGE, cursor };
    const page = await answer(
      api.GET("/api/v1/records/{object}", { params: { path: { object }, query } }),
    );
    read += page.items.length;
    rows.push(...page.items.filter(({ owners }) => owners.includes(`user:${user}`)));
    told(read);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined && read < LOOK_MAX);
  return { rows, read, cut: cursor !== undefined };
}

/** Each record is changed against the version that was seen; what is refused stays. */
export async function transfer(
  rows: readonly RecordRow[],
  from: string,
  to: string,
  told: (done: { n: number; failed: number; error?: unknown }) => void,
  stopped: () => boolean,
): Promise<void> {
  const done: { n: number; failed: number; error?: unknown } = { n: 0, failed: 0 };
  for (const row of rows) {
    if (stopped()) break;
    const owners = row.owners.map((owner) => (owner === `user:${from}` ? `user:${to}` : owner));
    try {
      await answer(
        api.PUT("/api/v1/records/{object}/{id}/place", {
          params: {
            path: { object: row.object, id: row.id },
            header: { "If-Match": `"${row.version}"` },
          },
          body: { owners },
        }),
      );
      done.n += 1;
    } catch (error) {
      done.failed += 1;
      done.error = error;
    }
    told({ ...done });
  }
}
