import { expect, test } from "vitest";
import type { Run } from "../documents";
import { settleUndo } from "./sending";

const run = (id: string, by: string, finished?: string): Run => ({
  id,
  of: "w-1",
  by,
  reason: "Not wanted",
  begun: "2026-01-01T00:00:00Z",
  writes: 2,
  ...(finished === undefined ? {} : { finished }),
});
const sent = { order: {} as never, reason: "Not wanted", before: ["u-1"], by: "chen.jie" };
const ENDED = "2026-01-01T00:00:01Z";

test("an undo is found among those of the window; earlier ones and those of others are not it", () => {
  expect(settleUndo(sent, [run("u-1", "chen.jie", ENDED)]).is).toBe("not_taken");
  expect(settleUndo(sent, [run("u-2", "wang.fang", ENDED)]).is).toBe("not_taken");
  expect(settleUndo(sent, [run("u-2", "chen.jie", ENDED)]).is).toBe("taken");
  expect(settleUndo(sent, [run("u-2", "chen.jie")]).is).toBe("under_way");
});
